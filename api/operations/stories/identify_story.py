"""Finds the story of a reading, by canonical URL or as a near-copy of an earlier text."""

from enum import StrEnum

import msgspec
from msgspec import Struct

from api.analysis.text.article import MIN_WORDS
from api.operations.stories.edition import Edition
from api.pages.near_duplicates import COPY_THRESHOLD, similarity
from api.storage.database.locks import lock_key, lock_new_stories
from api.storage.database.pool import Connection
from api.storage.stories import aliases, near_copies, stories
from api.storage.stories.stories import StoryState
from api.web.urls import normalize, url_key
from schemas.enums import AliasKind


class Relation(StrEnum):
    """How the reading relates to the story."""

    NEW = "new"
    SAME = "same"
    COPY = "copy"
    ORIGINAL = "original"


class Identity(Struct, kw_only=True, frozen=True):
    """`edition` is the reading to publish, under the fetched URL if the declared one leads to another story.

    `SAME`: the story at this canonical URL. `COPY`: another site's near-copy of it. `ORIGINAL`: the page that
    an earlier near-copy named as its original; the story moves there. `NEW` has no story.
    """

    edition: Edition
    relation: Relation
    story: StoryState | None


async def identify_story(connection: Connection, edition: Edition) -> Identity:
    """Find the story, and lock it and its URL until the transaction ends."""
    if edition.again is not None:
        story = await stories.lock_story(connection, edition.again.story_id)
        return Identity(edition=edition, relation=Relation.SAME, story=story)
    key = url_key(edition.url)
    await lock_key(connection, key)
    found = await aliases.find_story(connection, [key])
    if found is not None and found[1] is not AliasKind.CANONICAL and url_key(edition.fetched_url) != key:
        # a declared URL that leads to another story is only a hint
        edition = msgspec.structs.replace(edition, url=normalize(edition.fetched_url), hint=edition.url)
        key = url_key(edition.url)
        await lock_key(connection, key)
        found = await aliases.find_story(connection, [key])
    if found is not None and found[1] is AliasKind.CANONICAL:
        story = await stories.lock_story(connection, found[0])
        return Identity(edition=edition, relation=Relation.SAME, story=story)
    await lock_new_stories(connection)
    copied = await _near_copy(connection, edition)
    if copied is None:
        return Identity(edition=edition, relation=Relation.NEW, story=None)
    story = await stories.lock_story(connection, copied)
    original = story.canonical_hint_key is not None and story.canonical_hint_key == key
    relation = Relation.ORIGINAL if original else Relation.COPY
    return Identity(edition=edition, relation=relation, story=story)


async def _near_copy(connection: Connection, edition: Edition) -> str | None:
    """The oldest story with nearly the same text; returns None if there is none or the text is too short."""
    if edition.article.words < MIN_WORDS:
        return None
    for story_id, signature in await near_copies.list_candidates(connection, edition.bands):
        if similarity(edition.signature, signature) >= COPY_THRESHOLD:
            return story_id
    return None
