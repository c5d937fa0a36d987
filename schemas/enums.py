"""Closed lists of the method. On the wire: lower snake case. Clients must accept values added later."""

from enum import StrEnum


class SpinType(StrEnum):
    """What the framing does for the one who benefits; `none`: nothing steers. `/v1/taxonomy` explains each."""

    CUSHION = "cushion"
    SHIELD = "shield"
    HYPE = "hype"
    HALO = "halo"
    FOG = "fog"
    STAMPEDE = "stampede"
    NONE = "none"


class Band(StrEnum):
    """Anchors of the score: plain 0-10, light 11-25, moderate 26-45, strong 46-65, heavy 66-85, total 86-100."""

    PLAIN = "plain"
    LIGHT = "light"
    MODERATE = "moderate"
    STRONG = "strong"
    HEAVY = "heavy"
    TOTAL = "total"


class Stance(StrEnum):
    """Which way the text leans. `critical` is steering against somebody."""

    PROMOTIONAL = "promotional"
    DEFENSIVE = "defensive"
    NEUTRAL = "neutral"
    CRITICAL = "critical"
    MIXED = "mixed"


class EvidenceStrength(StrEnum):
    """How well the text itself supports its central claims."""

    NONE = "none"
    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class Verification(StrEnum):
    """How a claim stands. The first three are about this text alone; the last three rest on other sources."""

    UNVERIFIED_IN_SOURCE = "unverified_in_source"
    ATTRIBUTED_IN_SOURCE = "attributed_in_source"
    SHOWN_IN_SOURCE = "shown_in_source"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"
    CONTRADICTED = "contradicted"


class Risk(StrEnum):
    """How much harm it would do, or how likely it is, by the reasons that stand beside it."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Intent(StrEnum):
    """What the publisher does with the text."""

    PROMOTIONAL_DISTRIBUTION = "promotional_distribution"
    EDITORIAL_REPORTING = "editorial_reporting"
    PUBLIC_INFORMATION = "public_information"
    RESEARCH_DISSEMINATION = "research_dissemination"
    ADVOCACY = "advocacy"
    DISCLOSURE = "disclosure"
    COMMUNITY_DISCUSSION = "community_discussion"


class Independence(StrEnum):
    """Of the publisher from the story's main subject."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ClaimRole(StrEnum):
    """Whether the story rests on the claim."""

    PRIMARY = "primary"
    SUPPORTING = "supporting"


class ClaimKind(StrEnum):
    """What the claim is about; each kind has a checklist of evidence."""

    TECHNICAL = "technical"
    PRODUCT = "product"
    MARKET = "market"
    FINANCIAL = "financial"
    SCIENTIFIC = "scientific"
    SAFETY = "safety"
    LEGAL = "legal"
    SOCIAL = "social"
    OPERATIONAL = "operational"


class ClaimSupport(StrEnum):
    """`shown`: the text gives the evidence. `attributed`: it names who says so. `asserted`: it only says so."""

    SHOWN = "shown"
    ATTRIBUTED = "attributed"
    ASSERTED = "asserted"


class SourceType(StrEnum):
    """What a publisher is."""

    COMPANY_BLOG = "company_blog"
    PRESS_RELEASE = "press_release"
    MEDIA = "media"
    RESEARCH = "research"
    GOVERNMENT = "government"
    ANALYST = "analyst"
    NEWSLETTER = "newsletter"
    COMMUNITY = "community"
    NGO = "ngo"
    OTHER = "other"


class EntityType(StrEnum):
    """What a named thing is."""

    ORGANIZATION = "organization"
    PERSON = "person"
    PRODUCT = "product"
    PLACE = "place"
    EVENT = "event"
    LAW = "law"
    WORK = "work"
    GROUP = "group"


class StoryStatus(StrEnum):
    """Whether a story has a score, was found to have too little to judge, or is served no more."""

    SCORED = "scored"
    NOT_SCORABLE = "not_scorable"
    RETRACTED = "retracted"


class RetractionReason(StrEnum):
    """`error`: it should never have been judged, or not as this publisher's. `legal`: as a court or law says."""

    ERROR = "error"
    LEGAL = "legal"
    PRIVACY = "privacy"
    PUBLISHER_REQUEST = "publisher_request"
    OTHER = "other"


class AppealStatus(StrEnum):
    """`open` until it is decided, for good."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class NotScorableReason(StrEnum):
    """Why a text cannot be judged."""

    HEADLINE_ONLY = "headline_only"
    TOO_SHORT = "too_short"
    EMPTY = "empty"
    PAYWALLED = "paywalled"
    NOT_AN_ARTICLE = "not_an_article"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    SEVERAL_STORIES = "several_stories"


class InputKind(StrEnum):
    """`stored`: a story's text as it is held, judged again. `reproduction`: the same, to compare the answers."""

    URL = "url"
    TEXT = "text"
    HTML = "html"
    SEED = "seed"
    STORED = "stored"
    REPRODUCTION = "reproduction"


class ReproductionOutcome(StrEnum):
    """What came of running the engine once more."""

    IDENTICAL = "identical"
    DIFFERENCES = "differences"
    UNAVAILABLE = "unavailable"


class ReproductionObstacle(StrEnum):
    """Why a verdict cannot be reproduced here.

    `engine_not_installed`: this service has another version of the engine, or another engine.
    `taxonomy_not_installed`: it has another version of the taxonomy. `text_not_held`: it does not hold the text,
    as after an import.
    """

    ENGINE_NOT_INSTALLED = "engine_not_installed"
    TAXONOMY_NOT_INSTALLED = "taxonomy_not_installed"
    TEXT_NOT_HELD = "text_not_held"


class InputFlag(StrEnum):
    """What a reader of the input should know; a flag has no span.

    `hidden_text`: it holds text for machines that no reader sees, which is left out. `bidi_override`,
    `invisible_characters` (both taken out) and `look_alike_letters`: what is seen is not what is stored.
    """

    HIDDEN_TEXT = "hidden_text"
    BIDI_OVERRIDE = "bidi_override"
    INVISIBLE_CHARACTERS = "invisible_characters"
    LOOK_ALIKE_LETTERS = "look_alike_letters"
    TRUNCATED = "truncated"
    SENTENCE_SPLIT = "sentence_split"
    INVALID_ENCODING = "invalid_encoding"


class VerdictReason(StrEnum):
    """Why a version of a verdict was made."""

    INITIAL = "initial"
    SOURCE_EDITED = "source_edited"
    ENGINE_UPGRADED = "engine_upgraded"
    TAXONOMY_CHANGED = "taxonomy_changed"
    APPEAL_UPHELD = "appeal_upheld"
    EVIDENCE_ADDED = "evidence_added"


class LedgerRowKind(StrEnum):
    """What a step of the score is: a base, words found, a measure over the text, and what makes it a whole
    number from 0 to 100.
    """

    BASE = "base"
    FINDING = "finding"
    FEATURE = "feature"
    ROUNDING = "rounding"
    CLAMP = "clamp"


class AblationKind(StrEnum):
    """What is left out of the weighing."""

    FINDING = "finding"
    TERM = "term"
    TYPE = "type"
    FLIP = "flip"
    CHOSEN = "chosen"


class AnalysisStatus(StrEnum):
    """How far an analysis is; the last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERASED = "erased"


class AliasKind(StrEnum):
    """How a URL came to name a story."""

    CANONICAL = "canonical"
    SUBMITTED = "submitted"
    REDIRECT = "redirect"
    SYNDICATED = "syndicated"


class StorySort(StrEnum):
    """The order of a list of stories: newest, highest, last added, last changed or best matching first."""

    PUBLISHED_AT = "published_at"
    SCORE = "score"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    RELEVANCE = "relevance"


class LookupState(StrEnum):
    """What is known of a page that somebody looks up."""

    KNOWN = "known"
    QUEUED = "queued"
    NOT_SCORABLE = "not_scorable"
    FAILED = "failed"
    RETRACTED = "retracted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
