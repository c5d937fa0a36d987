"""The templates of the generated sentences (`explanations.json`), with the names of events and tactics."""

from msgspec import Struct

from api.analysis.text.data_files import data_file
from schemas.enums import HappeningKind, SpinType


class Event(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The names of a kind of happening: in a sentence that has told it, and in one that has not."""

    it: str
    plural: bool
    owned: str
    group: str


class Presentation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, rename={"as_": "as"}):
    """How a tactic presents the news, what it asks to believe, and by which means."""

    as_: str
    believe: str
    how: str
    only: list[str] = []  # the groups of events to which it applies; [] for all
    words: list[str] = []  # one of them must be in the text; [] for none
    shown: list[str] = []  # beginnings of words, one of which must be in the quoted words; [] for none
    hard: str | None = None  # why the framing is hard to question, if not as its type


class Templates(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    events: dict[HappeningKind, Event]
    tactics: dict[str, Presentation]
    types: dict[SpinType, Presentation]  # without a tactic
    alarm: Presentation  # of a critical text
    themes: dict[SpinType, str]  # what is put forward
    devices: dict[str, str]  # how words of a form steer (`word_forms.py`)
    hard: dict[SpinType, dict[str, str]]  # why it is hard to question, by group of events; "" for the others
    plain: dict[SpinType, str]  # what the loaded words add to the plain fact
    objective: dict[SpinType, dict[str, list[str]]]  # by group of events; "" for the others
    relayed: dict[SpinType, list[str]]  # of a newspaper that passes the framing on
    plain_objective: dict[str, list[str]]
    plain_frame: dict[str, list[str]]
    satire: dict[str, list[str]]


TEMPLATES = data_file("prose/explanations.json", Templates)
