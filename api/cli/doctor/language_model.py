"""The check of `unspun doctor` on the language model: one call of a usual length, as the worker makes it."""

from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta, Struct, json

from api.clock import Clock
from api.llm.completion_request import CompletionRequest, Message
from api.llm.dialects import ResponseFormat
from api.llm.outcomes import (
    Answer,
    Misconfigured,
    MisconfiguredReason,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
)
from api.runtime.language_model import model_client
from api.settings import Settings, variable

Finding = tuple[bool | None, str]

_MAX_CALLS: Final = 3  # a server that ignores the schema is asked again in the next weaker dialect
_MAX_TOKENS: Final = 1_000  # of the answer, which has twenty; models that reason take more
# About 5,000 tokens, as in a judgement: more than Ollama's default context, so that a cut shows.
_LINES: Final = 500
_FIRST, _LAST = "cedar", "harbour"
_PLACES: Final = ("Harrow Bay", "Tarnbrook", "Lanternfield", "Quillon", "Eide", "Corvell")
_WORKS: Final = ("The library", "A ferry", "The old mill", "The night train", "A market", "The school")
_DOES: Final = ("opens", "closes early", "waits for repairs", "serves visitors", "changes hands")

_SETTINGS: Final = {
    MisconfiguredReason.KEY_UNREADABLE: f"check {variable('llm_key_file')}",
    MisconfiguredReason.KEY_REFUSED: f"put a valid key into the file of {variable('llm_key_file')}",
    MisconfiguredReason.NO_CREDIT: "the account has no credit",
    MisconfiguredReason.NOT_FOUND: f"check {variable('llm_model')} and the path of {variable('llm_url')}",
    MisconfiguredReason.REDIRECTED: f"put the final address into {variable('llm_url')}",
    MisconfiguredReason.REQUEST_REFUSED: f"pin another {variable('llm_dialect')}",
}
_AVAILABILITY: Final = {
    UnavailableReason.UNREACHABLE: f"check {variable('llm_url')} and {variable('llm_ca_file')}",
    UnavailableReason.TIMEOUT: f"raise {variable('llm_timeout_s')}, or use a faster model",
    UnavailableReason.MALFORMED: f"{variable('llm_url')} must end before /chat/completions, often in /v1",
}
_REJECTIONS: Final = {
    RejectReason.PROMPT_CUT: "the server cuts prompts: raise its context (Ollama: OLLAMA_CONTEXT_LENGTH)",
    RejectReason.PROMPT_TOO_LONG: (
        f"a usual prompt does not fit: raise the server's context, and {variable('llm_context_tokens')} with it"
    ),
    RejectReason.TRUNCATED: "the model used all tokens: switch its reasoning off, or use another model",
}


class _Words(Struct, forbid_unknown_fields=True):
    first: Annotated[str, Meta(max_length=40)]
    last: Annotated[str, Meta(max_length=40)]


async def check_model(settings: Settings) -> list[Finding]:
    """Findings as in `command.py`; one if there is no model. Raises SettingsError.

    The call is paid for, and not counted in the day's budget. No finding contains the key.
    """
    client = model_client(settings)
    if client is None:
        return [(None, f"{variable('llm_url')} is not set: no language model judges")]
    clock = Clock()
    began = clock.monotonic()
    async with client:
        for _ in range(_MAX_CALLS):
            outcome = await client.complete(_request())
            if not isinstance(outcome, Rejected) or outcome.next_dialect is None:
                break
    seconds = clock.monotonic() - began
    where = f"{settings.llm_model} at {settings.llm_url} ({'local' if settings.llm_local else 'hosted'})"
    if not isinstance(outcome, Answer):
        return [(False, f"language model {where}: {_failure(outcome)}")]
    return [
        (True, f"language model {where}: answered in {seconds:.1f} s"),
        *_answer_findings(outcome),
        *_settings_findings(settings),
    ]


def _request() -> CompletionRequest:
    lines = (
        f"{n}. {_WORKS[n % 6]} of {_PLACES[n * 5 % 7 % 6]} {_DOES[n * 3 % 5]}." for n in range(1, _LINES + 1)
    )
    text = "\n".join([f"The first word is {_FIRST}.", *lines, f"The last word is {_LAST}."])
    question = (
        "Name the first word and the last word that the text gives, as a JSON object with first and last."
    )
    return CompletionRequest(
        name="words",
        messages=(Message("system", question), Message("user", text)),
        output=_Words,
        max_output_tokens=_MAX_TOKENS,
    )


def _answer_findings(answer: Answer) -> Iterator[Finding]:
    yield True, f"dialect: {answer.dialect}"
    if answer.dialect.response_format is not ResponseFormat.JSON_SCHEMA:
        yield None, "the server does not enforce JSON Schemas: more answers will be unusable"
    read = f"{answer.usage.prompt} tokens" if answer.usage else "the server does not count tokens"
    words = json.decode(answer.content, type=_Words)
    if (words.first.strip(" .").lower(), words.last.strip(" .").lower()) == (_FIRST, _LAST):
        yield True, f"the prompt was read from beginning to end ({read})"
    else:
        yield (
            None,
            f"the model did not repeat two words of the prompt ({read}): it is weak, or the server cuts prompts",
        )


def _settings_findings(settings: Settings) -> Iterator[Finding]:
    if not settings.llm_local and settings.llm_default_policy == "local_only":
        yield (
            None,
            f"{variable('llm_default_policy')} is local_only: a hosted model gets only texts of sources whose "
            "own policy allows it",
        )
    if not settings.llm_local and settings.llm_daily_tokens == 0 and settings.llm_daily_budget is None:
        yield (
            None,
            f"neither {variable('llm_daily_budget')} nor {variable('llm_daily_tokens')} limits the cost",
        )


def _failure(outcome: Misconfigured | Unavailable | Rejected) -> str:
    if isinstance(outcome, Misconfigured):
        fix = _SETTINGS[outcome.reason]
    elif isinstance(outcome, Unavailable):
        fix = _AVAILABILITY.get(outcome.reason, "try again later")
    else:
        fix = _REJECTIONS.get(outcome.reason, "the model does not answer in JSON: use another one")
    return ". ".join(filter(None, (outcome.reason.replace("_", " "), outcome.detail.rstrip("."), fix)))
