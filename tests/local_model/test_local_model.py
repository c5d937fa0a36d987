"""A real local server with a very small model: the wire, the grammar and the checks of its answers.

SmolLM2-135M invents most of what it is asked for, so its answers try the checks; they prove no judgement. The
prompt is a short variant of the judge's, the answers have at most 350 tokens, and each text has 250 words: the
whole prompt takes a minute to read on one thread.
"""

import json
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic
from typing import NamedTuple, get_args

import msgspec
import pytest
from msgspec import Struct

from api.analysis.content.grounding import Grounding
from api.analysis.engines.reading import read
from api.analysis.text.article import Article
from api.llm.completion_request import CompletionRequest, Message
from api.llm.dialects import DialectMemory, ResponseFormat
from api.llm.model_client import ModelClient
from api.llm.model_server import ModelServer
from api.llm.outcomes import Answer, Outcome
from api.llm.strict_schema import Bounds
from api.proposals.answers import Judgement, ProposedAnchor, ProposedFinding
from api.proposals.engine import LanguageModelEngine
from api.proposals.ground_judgement import ground_judgement
from api.proposals.grounded import GroundedJudgement
from api.proposals.proposal import Proposal
from schemas.enums import Band, EvidenceStrength, SpinType, Stance
from tests.kit.servers.peak_memory import peak_memory_mb
from tests.kit.texts.articles import article
from tests.kit.texts.assessments import generated_sentences, spans_of
from tests.kit.texts.taxonomy import TAXONOMY

pytestmark = pytest.mark.llm

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-llm" / "bin" / "python"
TEXTS, WHOLE, WORDS = 10, 2, 250  # texts, those of them with the whole schema, words of each
MAX_TOKENS, BOUNDS = 350, Bounds(max_string=80, max_items=2)
ALL_S, CALL_S = 240.0, 60.0  # time limits of all calls and of one
MAX_MB = 1_500
INSTRUCTIONS = (
    "You judge how a text steers its reader. Each line of it begins with a mark: a code and the number of a "
    "sentence. Answer with one JSON object on one line, without spaces between its parts. Its findings have the "
    "number of a sentence, a quote of at most eight words copied from that sentence, and a short reason."
)


class ShortJudgement(Struct):
    """The required fields of a judgement, with findings."""

    findings: list[ProposedFinding]
    evidence_strength: EvidenceStrength
    stance: Stance
    primary: SpinType
    secondary: SpinType
    tactic: str
    anchor: ProposedAnchor
    band: Band


class Running(NamedTuple):
    """The server: its base URL and its process."""

    base_url: str
    process: int


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    assert PYTHON.exists(), "run `make test-llm`, which installs the server and the model"
    log = tmp_path_factory.mktemp("model") / "server.log"
    command = [PYTHON, ROOT / "tests" / "local_model" / "serve_model.py"]
    pipe = subprocess.PIPE
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, log.read_text(errors="replace")[-3_000:]
        yield Running(f"{address}/v1", process.pid)
        process.terminate()  # also if the server ignores the end of its input


@pytest.fixture
async def client(running: Running) -> AsyncIterator[ModelClient]:
    server = ModelServer(
        base_url=running.base_url, model="smollm2", bounds=BOUNDS, total_seconds=CALL_S, context_tokens=4_096
    )
    async with ModelClient(server, DialectMemory()) as client:
        yield client


@pytest.fixture(scope="module")
def engine() -> LanguageModelEngine:
    return LanguageModelEngine()


def sample_articles() -> list[Article]:
    """The beginnings of the first sample stories."""
    stories = [json.loads(path.read_text()) for path in sorted((ROOT / "seeds" / "stories").glob("*.json"))]
    long = [story for story in stories if len(story["text"].split()) >= WORDS]
    return [article(" ".join(s["text"].split(" ")[:WORDS]), s["title"]) for s in long[:TEXTS]]


def request_on(engine: LanguageModelEngine, text: Article, output: type[Struct]) -> CompletionRequest:
    """The judge's own request with short instructions."""
    (asked,) = engine.judgement_requests(text, TAXONOMY, b"a secret of the test")
    return CompletionRequest(
        name="judgement",
        messages=(Message("system", INSTRUCTIONS), Message("user", asked.messages[-1].content)),
        output=output,
        max_output_tokens=MAX_TOKENS,
    )


def check_grounded(engine: LanguageModelEngine, text: Article, answer: Answer) -> Counter[str]:
    """Judges by the answer: nothing of it that is published is invented. Returns what passed and what fell."""
    proposal = Proposal(model="smollm2", recorded=False, judgements=[answer.content.decode()], prose=None)
    given = msgspec.json.encode(proposal)
    judged = engine.assess(text, TAXONOMY, (), given)
    assert msgspec.json.encode(judged) == msgspec.json.encode(engine.assess(text, TAXONOMY, (), given))
    # the engine refuses an answer of which half falls: what survives of it is held to the same
    survivors = ground_judgement(read(text), [answer.content], TAXONOMY, INSTRUCTIONS, max_dropped=1)
    sentences = generated_sentences(judged)
    if isinstance(survivors, GroundedJudgement):
        sentences += [one.explanation for one in survivors.findings if one.id in survivors.described]
    for span in [*spans_of(judged), *spans_of(survivors)]:
        assert text.text[span.start : span.end] == span.quote
    grounding = Grounding(text)
    for sentence in sentences:
        assert grounding.ungrounded(sentence) == [], sentence
    return Counter(survivors.drops.dropped) + Counter(passed=survivors.drops.passed)


class TestALocalModel:
    async def test_ends_every_call_and_publishes_nothing_invented(
        self, running: Running, client: ModelClient, engine: LanguageModelEngine
    ) -> None:
        texts, began = sample_articles(), monotonic()
        assert len(texts) == TEXTS
        outcomes: list[tuple[str, Outcome]] = []
        counts: Counter[str] = Counter()
        for number, text in enumerate(texts):
            output = Judgement if number < WHOLE else ShortJudgement
            left_s = max(ALL_S - (monotonic() - began), 0.01)
            outcome = await client.complete(request_on(engine, text, output), total_seconds=left_s)
            outcomes.append((output.__name__, outcome))
            if isinstance(outcome, Answer):
                counts += check_grounded(engine, text, outcome)
        reasons = Counter(
            f"{name}: {'answer' if isinstance(one, Answer) else one.reason.value}" for name, one in outcomes
        )
        passed = counts.pop("passed", 0)
        peak_mb = peak_memory_mb() + peak_memory_mb(running.process)
        print(
            f"\n{len(texts)} texts in {monotonic() - began:.0f} s, at most {peak_mb:.0f} MB: {dict(reasons)}"
        )
        print(f"Parts of the answers: {passed} passed, {counts.total()} were dropped: {dict(counts)}")
        print("This proves the wire and the checks, and no judgement: the model is far too small.")
        assert all(isinstance(one, get_args(Outcome)) for _, one in outcomes)
        answers = [one for _, one in outcomes if isinstance(one, Answer)]
        assert len(answers) >= 1, reasons
        for answer in answers:
            assert answer.dialect.response_format is ResponseFormat.JSON_SCHEMA
            assert answer.usage is not None
            assert answer.usage.completion <= MAX_TOKENS
        assert counts.total() > 0, "a model of this size invents"
        assert peak_mb < MAX_MB
