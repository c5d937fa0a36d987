"""Closed lists of the method, in lower snake case. Clients must accept values added later."""

# Long because every closed list of the contract stands here.

from enum import StrEnum


class SpinType(StrEnum):
    """How the framing helps whoever benefits; `none`: no framing found. `/v1/taxonomy` explains them."""

    CUSHION = "cushion"
    SHIELD = "shield"
    HYPE = "hype"
    HALO = "halo"
    FOG = "fog"
    STAMPEDE = "stampede"
    NONE = "none"


class HappeningKind(StrEnum):
    """What happened, by the text: the event of the news, or the sort of text if it tells no event."""

    JOB_CUTS = "job_cuts"
    CLOSURE = "closure"
    INCIDENT = "incident"
    RECALL = "recall"
    LAWSUIT_OR_FINE = "lawsuit_or_fine"
    REGULATION = "regulation"
    APOLOGY_OR_CORRECTION = "apology_or_correction"
    LAUNCH = "launch"
    UPDATE = "update"
    BENCHMARK_OR_RESEARCH = "benchmark_or_research"
    SURVEY_OR_REPORT = "survey_or_report"
    FUNDING = "funding"
    ACQUISITION_OR_MERGER = "acquisition_or_merger"
    PARTNERSHIP = "partnership"
    EARNINGS = "earnings"
    PRICE_CHANGE = "price_change"
    POLICY_CHANGE = "policy_change"
    DELAY_OR_CANCELLATION = "delay_or_cancellation"
    PLEDGE_OR_DONATION = "pledge_or_donation"
    APPOINTMENT_OR_DEPARTURE = "appointment_or_departure"
    WARNING_OR_ADVISORY = "warning_or_advisory"
    TREND_OR_ARGUMENT = "trend_or_argument"
    PROFILE_OR_INTERVIEW = "profile_or_interview"
    HOW_TO_OR_REFERENCE = "how_to_or_reference"
    REVIEW_OR_DEAL = "review_or_deal"
    OTHER_EVENT = "other_event"
    NO_EVENT = "no_event"


class Band(StrEnum):
    """Bands of the score: plain 0-10, light 11-25, moderate 26-45, strong 46-65, heavy 66-85, total 86-100."""

    PLAIN = "plain"
    LIGHT = "light"
    MODERATE = "moderate"
    STRONG = "strong"
    HEAVY = "heavy"
    TOTAL = "total"


class Stance(StrEnum):
    """The direction in which the text leans. `critical`: framing against someone."""

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
    """Status of a claim. The first three values are about this text alone; the others rest on other sources."""

    UNVERIFIED_IN_SOURCE = "unverified_in_source"
    ATTRIBUTED_IN_SOURCE = "attributed_in_source"
    SHOWN_IN_SOURCE = "shown_in_source"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"
    CONTRADICTED = "contradicted"


class Risk(StrEnum):
    """A level of risk; the reasons are given in the neighbouring field."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Intent(StrEnum):
    """The publisher's purpose for the text."""

    PROMOTIONAL_DISTRIBUTION = "promotional_distribution"
    EDITORIAL_REPORTING = "editorial_reporting"
    PUBLIC_INFORMATION = "public_information"
    RESEARCH_DISSEMINATION = "research_dissemination"
    ADVOCACY = "advocacy"
    DISCLOSURE = "disclosure"
    COMMUNITY_DISCUSSION = "community_discussion"


class Independence(StrEnum):
    """The publisher's independence from the story's main subject."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ClaimRole(StrEnum):
    """Whether the story depends on the claim."""

    PRIMARY = "primary"
    SUPPORTING = "supporting"


class ClaimKind(StrEnum):
    """Subject of the claim; each kind has its own evidence checklist."""

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
    """`shown`: the text gives evidence. `attributed`: it names a source. `asserted`: it gives neither."""

    SHOWN = "shown"
    ATTRIBUTED = "attributed"
    ASSERTED = "asserted"


class SourceType(StrEnum):
    """Kind of publisher."""

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
    """Kind of named thing."""

    ORGANIZATION = "organization"
    PERSON = "person"
    PRODUCT = "product"
    PLACE = "place"
    EVENT = "event"
    LAW = "law"
    WORK = "work"
    GROUP = "group"


class StoryStatus(StrEnum):
    """Whether a story has a score, has too little text to be scored, or was retracted."""

    SCORED = "scored"
    NOT_SCORABLE = "not_scorable"
    RETRACTED = "retracted"


class RetractionReason(StrEnum):
    """`error`: it should not have been scored, or has the wrong publisher. `legal`: required by law."""

    ERROR = "error"
    LEGAL = "legal"
    PRIVACY = "privacy"
    PUBLISHER_REQUEST = "publisher_request"
    OTHER = "other"


class AppealStatus(StrEnum):
    """`open` until the appeal is decided. A decision is final."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class NotScorableReason(StrEnum):
    """Why a text cannot be scored."""

    HEADLINE_ONLY = "headline_only"
    TOO_SHORT = "too_short"
    EMPTY = "empty"
    PAYWALLED = "paywalled"
    NOT_AN_ARTICLE = "not_an_article"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    SEVERAL_STORIES = "several_stories"


class InputKind(StrEnum):
    """`stored`: a story's stored text, scored again.

    `reproduction`: the same, to compare the results. `explanation`: the same without some sentences.
    `second_opinion`: the same by a language model.
    """

    URL = "url"
    TEXT = "text"
    HTML = "html"
    SEED = "seed"
    STORED = "stored"
    REPRODUCTION = "reproduction"
    EXPLANATION = "explanation"
    SECOND_OPINION = "second_opinion"


class Writer(StrEnum):
    """Who wrote a field: the rules, a language model asked by this service, or one whose answer was imported."""

    RULES = "rules"
    LLM = "llm"
    RECORDED = "recorded"
    NONE = "none"


class ReproductionOutcome(StrEnum):
    """Result of running the engine again."""

    IDENTICAL = "identical"
    DIFFERENCES = "differences"
    UNAVAILABLE = "unavailable"


class ReproductionObstacle(StrEnum):
    """Why a verdict cannot be reproduced here.

    `engine_not_installed`: this service runs another engine or engine version. `taxonomy_not_installed`: it has
    another taxonomy version. `text_not_held`: it does not store the text, for example after an import.
    `proposal_not_held`: it does not store the language model's answers on which the verdict rests.
    """

    ENGINE_NOT_INSTALLED = "engine_not_installed"
    TAXONOMY_NOT_INSTALLED = "taxonomy_not_installed"
    TEXT_NOT_HELD = "text_not_held"
    PROPOSAL_NOT_HELD = "proposal_not_held"


class ModelPermission(StrEnum):
    """Which language models may read a text: none, only one on the operator's own machines, or any."""

    NEVER = "never"
    LOCAL_ONLY = "local_only"
    ALLOWED = "allowed"


class SecondOpinionState(StrEnum):
    """Why a story that should have a second opinion has none.

    `pending`: the language model is to be asked, or has not answered yet. `unavailable`: it gave no answer, after
    several tries. `budget_spent`: the day's budget for it was spent. `withheld`: the text may not be sent to it.
    `rejected`: its answer could not be used, for example because the text does not support it.
    """

    PENDING = "pending"
    UNAVAILABLE = "unavailable"
    BUDGET_SPENT = "budget_spent"
    WITHHELD = "withheld"
    REJECTED = "rejected"


class InputFlag(StrEnum):
    """A warning about the input; flags have no spans.

    `hidden_text`: the page contains text hidden from readers, which was left out. `bidi_override`,
    `invisible_characters` (both removed) and `look_alike_letters`: the visible text differs from the stored
    text.
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
    SECOND_OPINION = "second_opinion"


class LedgerRowKind(StrEnum):
    """Kind of ledger row: base, finding, feature of the whole text, or rounding and clamping to 0-100."""

    BASE = "base"
    FINDING = "finding"
    FEATURE = "feature"
    ROUNDING = "rounding"
    CLAMP = "clamp"


class ScorePartCode(StrEnum):
    """A part of the score, in the order of a score's explanation.

    `base`, then findings (`loaded_wording`) and counts of the text; each other measure of at least half a point
    (`measure`); the model's reading beyond the parts, with the rounding (`reading`). Engines without such a
    reading have the smaller measures and the rounding (`rest`).
    """

    BASE = "base"
    LOADED_WORDING = "loaded_wording"
    STEERING_SENTENCES = "steering_sentences"
    ASSERTED_CLAIMS = "asserted_claims"
    OWN_VOICE = "own_voice"
    OMITTED = "omitted"
    MEASURE = "measure"
    READING = "reading"
    REST = "rest"
    CLAMP = "clamp"


class AblationKind(StrEnum):
    """The findings that an ablation removes."""

    FINDING = "finding"
    TERM = "term"
    TYPE = "type"
    FLIP = "flip"
    CHOSEN = "chosen"


class ReadAgainKind(StrEnum):
    """The sentences left out of a text that is read again.

    `sentence`: one; `type`: all with findings of the primary type; `findings`: all with findings of any type.
    """

    SENTENCE = "sentence"
    TYPE = "type"
    FINDINGS = "findings"


class AnalysisStatus(StrEnum):
    """Progress of an analysis; the last four values are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERASED = "erased"


class AliasKind(StrEnum):
    """How a URL became a name of the story."""

    CANONICAL = "canonical"
    SUBMITTED = "submitted"
    REDIRECT = "redirect"
    SYNDICATED = "syndicated"


class StorySort(StrEnum):
    """Order of a story list: newest, highest score, last added, last changed or best match first."""

    PUBLISHED_AT = "published_at"
    SCORE = "score"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    RELEVANCE = "relevance"


class LookupState(StrEnum):
    """What the service knows about a page."""

    KNOWN = "known"
    QUEUED = "queued"
    NOT_SCORABLE = "not_scorable"
    FAILED = "failed"
    RETRACTED = "retracted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
