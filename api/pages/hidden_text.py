"""Removes text that a page's readers cannot see, and reports whether to flag it.

Hidden text raises a flag if it has twelve words or more in sentences, or, at any length, if it gives orders to
a machine; comments and descriptions count for the latter. Text that scripts show later and text of page
controls (menus, dialogs, notices, forms) is exempt. Limits: only inline styles are read, not style sheets.
`aria-hidden` hides from screen readers only, so its sentences count as hidden only if no visible text repeats
them.
"""

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.analysis.text.prompt_injection import has_prompt_injection

MIN_WORDS: Final = 12  # in whole sentences; labels of controls are shorter
MAX_SHARE: Final = 0.5  # of words hidden; above it a script is expected to show them

_INVISIBLE_TAGS: Final = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "select", "datalist", "object", "audio", "video",
    "textarea",
})  # fmt: skip
_DESCRIPTIONS: Final = ("alt", "title", "aria-label")
_ZERO = re.compile(r"0*(?:\.0+)?(?:px|pt|em|rem|%|vw|vh)?|1px|0?\.\d+(?:px|pt)")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|%|vw|vh)")
_WHITE: Final = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe", "rgba(255,255,255,1)"})
_CONTROL_TAGS: Final = frozenset(
    {"nav", "header", "footer", "form", "dialog", "button", "label", "figcaption", "menu"}
)
_CONTROL_ROLES: Final = frozenset(
    {
        "dialog",
        "alertdialog",
        "alert",
        "menu",
        "menubar",
        "navigation",
        "tooltip",
        "banner",
        "search",
        "status",
        "tablist",
    }
)
_CONTROL_NAMES = re.compile(
    r"menu|nav(?:bar|igation)?\b|modal|pop-?up|popover|overlay|dialog|lightbox|tooltip|toast|notice|notification|"
    r"alert|banner|cookie|consent|gdpr|privacy|newsletter|subscri|signup|login|regist|captcha|success|error|"
    r"comment|share|social|print|player|video|caption|gallery|carousel|slide|dropdown|collapse|accordion|tab-|"
    r"sr-only|screen-?reader|visually-?hidden|skip|pum\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？]{20,}[.!?。！？]")


@dataclass(slots=True)
class _Passage:
    """The text of one outermost hidden element. `unseen`: invisible, not only hidden from screen readers."""

    node: LexborNode
    unseen: bool
    control: bool
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


class _Context(NamedTuple):
    """State that an element passes to its children."""

    passage: _Passage | None
    control: bool
    background: str


def remove_hidden_text(tree: LexborHTMLParser) -> bool:
    """Remove hidden text from the tree, but not scripts. Returns whether it must be flagged."""
    if tree.body is None:
        return False
    passages, visible, asides = _read(tree.body)
    orders_machine = any(has_prompt_injection(text) for text in (*asides, *(p.text for p in passages)))
    words_unseen = sum(len(passage.text.split()) for passage in passages if passage.unseen)
    if words_unseen > MAX_SHARE * (words_unseen + len(visible.split())):
        return orders_machine
    visible_folded = visible.casefold()
    hidden_words = 0
    for passage in passages:
        unrepeated = [] if passage.control else _unrepeated(passage.text, visible_folded)
        hidden_words += sum(len(sentence.split()) for sentence in unrepeated)
        if passage.unseen or unrepeated:
            passage.node.decompose()
    return orders_machine or hidden_words >= MIN_WORDS


def _read(body: LexborNode) -> tuple[list[_Passage], str, list[str]]:
    """All hidden passages, the visible text, and comments with descriptions, in one walk over the tree."""
    passages: list[_Passage] = []
    asides: list[str] = []
    visible: list[str] = []
    stack = [(body, _Context(None, False, "white"))]
    while stack:
        node, context = stack.pop()
        if node.tag == "-text":
            (context.passage.parts if context.passage else visible).append(node.text_content or "")
            continue
        if node.tag == "-comment":
            asides.append(node.html or "")
            continue
        if node.tag is None or node.tag.startswith("-") or node.tag in _INVISIBLE_TAGS:
            continue
        asides += [value for name in _DESCRIPTIONS if (value := node.attributes.get(name))]
        context = _enter(node, context, passages)
        stack.extend((child, context) for child in reversed(list(node.iter(include_text=True))))
    return passages, " ".join(" ".join(visible).split()), asides


def _enter(node: LexborNode, context: _Context, passages: list[_Passage]) -> _Context:
    attributes = node.attributes
    style = _declarations(attributes.get("style") or "")
    background = (
        style.get("background-color")
        or style.get("background")
        or attributes.get("bgcolor")
        or context.background
    ).lower()
    control = context.control or _is_control(node.tag, attributes)
    passage = context.passage
    unseen = "hidden" in attributes or _is_unseen(style, background)
    if (unseen and not (passage and passage.unseen)) or (
        attributes.get("aria-hidden") == "true" and not passage
    ):
        passage = _Passage(node, unseen, control)
        passages.append(passage)
    return _Context(passage, control, background)


def _unrepeated(text: str, visible: str) -> list[str]:
    """The sentences of a hidden text that no visible text repeats."""
    if len(text.split()) < MIN_WORDS:
        return []
    return [s for s in _SENTENCE.findall(text) if s.strip().casefold() not in visible]


def _is_unseen(style: dict[str, str], background: str) -> bool:
    color = style.get("color", "")
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _is_zero(style.get("font-size"))
        or _is_zero(style.get("opacity"))
        or (
            style.get("overflow") == "hidden"
            and (_is_zero(style.get("height")) or _is_zero(style.get("width")))
        )
        or any(_FAR.fullmatch(style.get(name, "")) for name in ("text-indent", "left", "top", "margin-left"))
        or color == "transparent"
        or (color != "" and (color == background or (color in _WHITE and background in _WHITE)))
    )


def _declarations(style: str) -> dict[str, str]:
    if not style:
        return {}
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").replace(" ", "").strip() for name, _, value in pairs
    }


def _is_zero(value: str | None) -> bool:
    return bool(value) and _ZERO.fullmatch(value or "") is not None


def _is_control(tag: str | None, attributes: dict[str, str | None]) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return (
        tag in _CONTROL_TAGS
        or attributes.get("role") in _CONTROL_ROLES
        or (names != " " and _CONTROL_NAMES.search(names) is not None)
    )
