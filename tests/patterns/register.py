"""The use of patterns in tables, and bounds of those with superlinear cost.

A pattern without a bound must be linear: it is tried on texts of `LENGTH` characters.
"""

from typing import Final, NamedTuple

LENGTH: Final = 100_000  # longer than any header, URL, or line from outside


class Bound(NamedTuple):
    """The maximum input in characters, and the reason for it."""

    length: int
    reason: str


# The method by pattern or table of patterns, if no call on the name shows it, as in a loop.
METHODS: Final = {
    "api.analysis.prose.ai_summaries:_ACCORDING": "match",
    "api.analysis.prose.ai_summaries:_SAYS_THAT": "match",
    "api.analysis.prose.ai_summaries:_TAIL": "match",
    "api.analysis.claims.claims:_BULLET": "match",
    "api.analysis.content.questions.bare_claims:_FORMS": "search",
    "api.analysis.content.questions.main_questions:_AFFECTED": "findall",
    "api.analysis.content.questions.main_questions:_EFFORT": "findall",
    "api.analysis.content.questions.main_questions:_HARM": "findall",
    "api.analysis.content.questions.main_questions:_IN_NEWS": "search",
    "api.analysis.content.figure_statements:_LABEL": "match",
    "api.analysis.content.figure_statements:_OPENING": "match",
    "api.analysis.content.missing_voices:_CALLED": "search",
    "api.analysis.content.news:_ANNOUNCES": "search",
    "api.analysis.content.news:_BULLET": "match",
    "api.analysis.content.unheard:_OFFICIALS": "finditer",
    "api.analysis.content.summary:_BULLET": "match",
    "api.analysis.content.summary:_CONNECTIVE": "match",
    "api.analysis.content.summary:THAT_IS_WHY": "match",
    "api.analysis.content.summary:HEADING": "match",
    "api.analysis.engines.fast.skimming:_SPEAKERS": "search",
    "api.analysis.parsing.blame:_ADMISSIONS": "search",
    "api.analysis.parsing.blocks:_I": "search",
    "api.analysis.parsing.blocks:_WE": "search",
    "api.analysis.parsing.told_around:_INVERTED": "search",
    "api.analysis.parsing.told_around:_OPENING": "search",
    "api.analysis.parsing.told_around:_POINTERS": "match",
    "api.analysis.parsing.turns:_I_OR_WE": "search",
    "api.analysis.people.guest_authors:_ACCOUNT_PATHS": "fullmatch",
    "api.analysis.people.guest_authors:_BIOGRAPHIES": "match",
    "api.web.link_wrappers:_WRAPPERS": "fullmatch",
    "api.analysis.people.name_types:_SHAPES": "fullmatch",
    "api.analysis.models.sentence_features:_PATTERNS": "fullmatch",
    "api.analysis.people.source_role:_TYPES": "search",
    "api.analysis.people.source_type:_SIGNS": "findall",
    "api.analysis.text.page_kind:_KINDS": "fullmatch",
    "api.analysis.text.datelines:OF_SHARE": "match",
    "api.analysis.text.text_shape:_PRICED": "match",
    "api.analysis.text.text_shape:_STAMP": "match",
    "api.analysis.text.sentences:_STOP": "finditer",
    "api.proposals.languages.unparsed_text:_END": "finditer",
    "api.analysis.text.prompt_injection:_MARKUP": "match",
    "api.proposals.overstatements:_AT_LEAST": "search",
    "api.proposals.overstatements:_AT_MOST": "search",
    "api.proposals.overstatements:_DEGREES": "search",
    "api.proposals.overstatements:_GRAVE": "search",
    "api.proposals.published_omissions:_HALVES": "search",
    "api.proposals.published_omissions:_TOLD": "search",
    "api.logs:_SECRET_SHAPES": "sub",
    "api.routes.http.request.validation_errors:_CODES": "match",
}

_PROCESS = "runs in the page's process, whose CPU is bounded; "
BOUNDS: Final = {
    "api.proposals.sentence_checks:_ADDRESS": Bound(400, "a sentence whose length was checked"),
    "api.analysis.people.name_types:_CODED": Bound(2_000, _PROCESS + "a name within a sentence"),
    "api.analysis.text.datelines:DATELINE": Bound(
        2_000, _PROCESS + "the opening of a body, or a line of one sentence"
    ),
    "api.analysis.framing.detectors.nominal_style:ABSTRACT": Bound(2_000, _PROCESS + "a token of a sentence"),
    "api.analysis.people.name_spans:_TWICE": Bound(2_000, _PROCESS + "a name within a sentence"),
    "api.analysis.content.grounding:_OPENING": Bound(8, "the eight characters in front of a word"),
    "api.analysis.engines.fast.skimming:_SPEAKERS[1]": Bound(2_000, _PROCESS + "a sentence"),
    "api.analysis.content.grounding:_LEFT_OUT": Bound(2_000, _PROCESS + "a quote within a sentence"),
    "api.analysis.people.guest_authors:_DATE": Bound(400, _PROCESS + "a name in a note on the author"),
    "api.analysis.people.guest_authors:_BIOGRAPHIES[0]": Bound(2_000, _PROCESS + "a paragraph's white space"),
    "api.pages.hidden_text:_SENTENCE": Bound(5_000, _PROCESS + "hidden text without the end of a sentence"),
    "api.analysis.text.names:_LEGAL": Bound(2_000, _PROCESS + "a name within a sentence"),
    "api.pages.page_metadata:_BETWEEN_NAMES": Bound(200, "longer bylines are not read"),
    "api.analysis.text.page_titles:_SEPARATOR": Bound(2_000, _PROCESS + "a heading's white space"),
    "api.analysis.text.page_titles:_RUBRIC": Bound(2_000, _PROCESS + "a heading"),
    "api.analysis.people.voice_names:_MADE_BY_BEFORE": Bound(2_000, _PROCESS + "a name within a sentence"),
    "api.analysis.people.voices:_DESCRIPTION": Bound(
        400, _PROCESS + "white space, which is folded in a text"
    ),
    "api.rendering.llms:_LINK_MARKS": Bound(2_000, "the first paragraph of a page of our guide"),
}

# Files whose functions build a pattern, and its parts; all others compile theirs at module level.
BUILT: Final = {
    "api/analysis/prose/ai_summaries.py": "the publisher's name, escaped",
    "api/analysis/parsing/attribute_rules.py": "rules of the language model",
    "api/analysis/content/checklists.py": "checklists.json",
    "api/analysis/people/name_spans.py": "a surname that the text holds",
    "api/analysis/people/guest_authors.py": "a site's name, escaped",
    "api/pages/html_bounds.py": "the name of an element of a closed list",
    "api/analysis/content/key_phrases.py": "a word of the text, escaped",
    "api/analysis/content/expected_table.py": "expected.json",
    "api/analysis/content/open_points.py": "open_points.json",
    "api/analysis/people/name_types.py": "a name of the text, escaped",
    "api/analysis/text/prompt_injection.py": "prompt_injection.json",
    "api/analysis/parsing/turns.py": "a speaker's name, escaped",
    "api/analysis/people/voice_names.py": "an office of the text, escaped",
    "api/proposals/languages/language.py": "table.json",
    "api/proposals/languages/speakers.py": "a speaker's name, escaped",
    "api/proposals/speakers.py": "a speaker's name, escaped",
    "api/routes/http/admission/operation.py": "our own paths",
    "api/settings/values.py": "our own settings",
    "api/storage/database/spelling.py": "one word of a search, letters and digits alone",
}


def is_on_a_loop(key: str) -> bool:
    """Whether the pattern runs on an event loop, where nothing bounds its CPU."""
    return not key.startswith("api.analysis.")
