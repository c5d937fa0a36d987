"""Full-text search of stories with ranks and marked snippets.

Only the newest thousand matches are ranked, as rank must be computed for each match and a common word is in
every second story. Sort by `published_at` to find older ones.
"""

import re
from typing import Final, Literal, get_args

import asyncpg
from msgspec import Raw
from msgspec.structs import replace

from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.database.spelling import candidate_words, respell
from api.storage.stories.story_lists import StoryFilter, story_row
from schemas.spans import Range
from schemas.stories import Match, Snippet
from schemas.wire import encode_json

# Updates a story's search row; $2 is its public summary, null if the stored one is public.
UPSERT_SEARCH = """
INSERT INTO story_search (story_id, listed_at, title, deck, summary, keywords, claims, entities)
SELECT w.story_id, w.listed_at, w.title, w.deck, translate(COALESCE($2, w.summary), U&'\\E000\\E001', ''),
       w.keywords, w.claims, w.entities
FROM words_of_story($1) w
ON CONFLICT (story_id) DO UPDATE
SET listed_at = excluded.listed_at, title = excluded.title, deck = excluded.deck, summary = excluded.summary,
    keywords = excluded.keywords, claims = excluded.claims, entities = excluded.entities
"""

# A page of stories that match $16, best first, after a (rank, id) position. Only the newest 1,000 are ranked,
# to bound the cost of common words; snippets, the largest cost, are made for the page only.
SELECT_STORIES_BY_RELEVANCE = """
WITH newest AS MATERIALIZED (
    SELECT s.id, ts_rank_cd(f.document, websearch_to_tsquery('english', $16)) AS rank
    FROM stories_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, $17) s
    JOIN story_search f ON f.story_id = s.id
    WHERE f.document @@ websearch_to_tsquery('english', $16)
    ORDER BY s.listed_at DESC, s.id DESC LIMIT 1000
), page AS MATERIALIZED (
    SELECT n.id, n.rank FROM newest n
    WHERE $18::real IS NULL OR (n.rank, n.id) < ($18, $19::text)
    ORDER BY n.rank DESC, n.id DESC LIMIT $20
)
SELECT p.rank AS place, s.id, s.updated_at,
       convert_to(s.json_before_source || (SELECT o.json FROM sources o WHERE o.id = s.source_id)
                  || s.json_after_source, 'UTF8') AS body,
       ts_headline('english', f.title, q.words, q.whole) AS in_title,
       ts_headline('english', f.deck, q.words, q.whole) AS in_deck,
       ts_headline('english', f.summary, q.words, q.pieces) AS in_summary,
       ts_headline('english', f.keywords, q.words, q.whole) AS in_keywords,
       ts_headline('english', f.claims, q.words, q.pieces) AS in_claims,
       ts_headline('english', f.entities, q.words, q.whole) AS in_entities
FROM page p
JOIN stories s ON s.id = p.id
JOIN story_search f ON f.story_id = s.id
CROSS JOIN (SELECT websearch_to_tsquery('english', $16) AS words,
                   U&'StartSel=\\E000, StopSel=\\E001, HighlightAll=true' AS whole,
                   U&'StartSel=\\E000, StopSel=\\E001, MaxFragments=2, MaxWords=24, MinWords=10' AS pieces) q
ORDER BY p.rank DESC, p.id DESC
"""

# Whether any story matches.
SELECT_IS_FOUND = """
SELECT EXISTS (SELECT FROM story_search WHERE document @@ websearch_to_tsquery('english', $1))
"""

# Whether a search has any words but common ones.
SELECT_HAS_WORDS = """
SELECT numnode(websearch_to_tsquery('english', $1)) > 0
"""

# The words that no story contains, with the nearest word of a name, if one is near.
SELECT_NEAREST_NAMES = """
SELECT w.word, nearest_name(w.word) AS name FROM unnest($1::text[]) AS w (word)
WHERE NOT EXISTS (SELECT FROM story_search f WHERE f.document @@ plainto_tsquery('english', w.word))
"""

_OPEN, _CLOSE = "\ue000", "\ue001"  # StartSel and StopSel of the statement above
_MARK = re.compile(f"[{_OPEN}{_CLOSE}]")

Field = Literal["title", "deck", "summary", "keywords", "claims", "entities"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)


async def refresh_search(connection: Connection, story_id: str, *, summary: str | None = None) -> None:
    """Update the story's search row, after its claims and entities are written.

    `summary`: the public summary; None if the verdict's row contains it.
    """
    await connection.execute(UPSERT_SEARCH, story_id, summary)


async def search_stories(
    connection: Connection, where: StoryFilter, *, after: tuple[float, str] | None, limit: int
) -> list[Listed]:
    """At most `limit` stories by rank for `where.q`, which must not be None."""
    assert where.q is not None, "a search has words"
    rank, story_id = after or (None, None)
    rows = await connection.fetch(SELECT_STORIES_BY_RELEVANCE, *where.values(), rank, story_id, limit)
    return [
        Listed(
            key=(row["place"], row["id"]),
            shown=Raw(encode_json(replace(story_row(row["body"]), match=_match(row, where.q)))),
            changed_at=row["updated_at"],
        )
        for row in rows
    ]


async def spell(connection: Connection, q: str) -> str:
    """`q`; if no story matches, `q` with corrected names for unknown words."""
    if await connection.fetchval(SELECT_IS_FOUND, q):
        return q
    return respell(q, await connection.fetch(SELECT_NEAREST_NAMES, candidate_words(q)))


async def has_words(connection: Connection, q: str) -> bool:
    """Whether the search has any words but common ones ("the", "of")."""
    found: bool = await connection.fetchval(SELECT_HAS_WORDS, q)
    return found


def _match(row: asyncpg.Record, q: str) -> Match:
    snippets = [_snippet(field, row[f"in_{field}"]) for field in FIELDS if _OPEN in row[f"in_{field}"]]
    return Match(q=q, rank=round(row["place"], 6), snippets=snippets)


def _snippet(field: Field, marked: str) -> Snippet:
    """Converts marks in the text to ranges."""
    text, marks = "", []
    for number, part in enumerate(_MARK.split(marked)):
        if number % 2 and part:
            marks.append(Range(start=len(text), end=len(text) + len(part)))
        text += part
    return Snippet(field=field, text=text, marks=marks)
