"""`unspun llm export` and `unspun eval` on records, public sentences and sample stories, without a database."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from api.operations.exports.seed import load_sample_stories
from tests.kit.clients.command import run
from tests.kit.servers.scripted_model import Asked, Reply, ScriptedModel, failure
from tests.kit.texts.answers import ANSWER, BODY, PROSE, TITLE
from tests.kit.worlds.second_opinions import says

LABEL: dict[str, Any] = {
    "id": "1",
    "title": TITLE,
    "text": f"{TITLE}\n\n{BODY}",
    "source": "Quillon Newsroom",
    "source_type": "company_blog",
    "confidence": 1,
    "score": 60,
    "primary": "hype",
    "secondary": None,
    "stance": "promotional",
    "tactic": "breakthrough_framing",
    "loaded_terms": ["seamless"],
    "claims": [{"text": "The seamless design sets a new standard and delivers routes in 4 minutes."}],
    "evidence_strength": "weak",
    "event": "launch",
    "news": "Quillon Logistics today announced Tarnway, a revolutionary planning platform for freight.",
    "subject": "Quillon Logistics",
}
SENTENCES = [("The minister's reckless scheme is a disgrace.", 1), ("The bridge has 40 lamps.", 0)]
ON_SENTENCE = {
    "evidence_strength": "none",
    "stance": "critical",
    "primary": "none",
    "secondary": "none",
    "tactic": "",
    "part": "middle",
}
NAME = ("--model", "careful-model")


def export(target: Path, *what: str) -> list[str]:
    """The names of the written requests."""
    done = run("llm", "export", str(target), *what, *NAME)
    assert done.returncode == 0, done.stderr.decode()
    if target.is_dir():
        return sorted(path.name for path in target.iterdir())
    return [json.loads(line)["custom_id"] for line in target.read_text().splitlines()]


def lines_in(file: Path) -> list[str]:
    return file.read_text().splitlines()


def put(folder: Path, name: str, said: Any) -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "answer.json").write_text(said if isinstance(said, str) else json.dumps(said))


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A story to judge, one that was refused, one without an answer, and one that cannot be scored."""
    labels = [
        LABEL,
        LABEL | {"id": "2", "source": "Harrow Gazette"},
        LABEL | {"id": "3", "source": "Tarn Echo"},
        {"id": "4", "title": "", "text": "Nothing.", "source": None, "source_type": "other", "confidence": 0},
    ]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(map(json.dumps, labels)))
    return file


@pytest.fixture
def public(tmp_path: Path) -> Path:
    for folder in ("babe", "claimbuster"):
        (tmp_path / "public" / folder).mkdir(parents=True)
    rows = "".join(f'"{text}";{"Biased" if label else "Non-biased"}\n' for text, label in SENTENCES)
    (tmp_path / "public/babe/final_labels_SG2.csv").write_text(f"text;label_bias\n{rows}")
    claims = [{"text": text, "label": 1 - label} for text, label in SENTENCES]
    (tmp_path / "public/claimbuster/test.json").write_text(json.dumps(claims))
    return tmp_path / "public"


class TestEval:
    @pytest.mark.slow
    def test_measures_answers_beside_the_rules(self, records: Path, public: Path, tmp_path: Path) -> None:
        asked, answers = tmp_path / "requests.jsonl", tmp_path / "answers"
        first, refused, _ = export(asked, "--records", str(records))
        put(answers, first, ANSWER)
        put(answers, refused, "I would rather not.")
        folders = tmp_path / "prompts"
        (prose, *_) = (
            name
            for name in export(folders, "--records", str(records), "--answers", str(answers), "--folders")
            if name.startswith("prose-")
        )
        prompt = (folders / prose / "prompt.txt").read_text()
        assert "----- user message -----" in prompt
        assert "f1] breakthrough_framing" in prompt
        put(answers, prose, PROSE)
        steers, plain = export(asked, "--public", str(public))  # each sentence once
        put(answers, steers, ON_SENTENCE | {"anchor": {"sentence": 1, "quote": "reckless"}, "band": "strong"})
        put(answers, plain, ON_SENTENCE | {"anchor": {"sentence": 1, "quote": "40 lamps"}, "band": "plain"})

        done = run("eval", "--engine", "llm", "--responses", str(answers), "--records", str(records),
                   "--public", str(public), "--json", *NAME)  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        assert f"{answers.name}/{refused}: schema_ignored" in done.stderr.decode()
        found = json.loads(done.stdout)
        people = {one["label"]: one["value"] for one in found["people"]}
        assert people["BABE: biased sentence, AUC of points"] == 1
        assert people["BABE: biased sentence, macro-F1 of above the plain band"] == 1
        assert people["ClaimBuster: check-worthy, AUC of claims"] == 0.5
        stories = {one["code"]: one for one in found["stories"]}
        assert (stories["primary_accuracy"]["n"], stories["primary_accuracy"]["value"]) == (2, 1)
        assert stories["score_mae"]["difference"] == pytest.approx(
            stories["score_mae"]["value"] - stories["score_mae"]["other"]
        )
        assert found["unanswered"] == 1
        assert found["counts"]["refused"] == {"malformed": 1}
        assert found["counts"]["judgement"]["dropped"]["malformed"] == 1
        assert found["counts"]["sentences"][0] > 5
        assert not any(one["counted"] for one in found["tokens"])

    @pytest.mark.slow
    async def test_measures_reviews_of_the_rules_findings(self, records: Path, tmp_path: Path) -> None:
        answers = tmp_path / "answers.jsonl"
        arguments = ("eval", "--engine", "llm", "--ask", str(answers), "--records", str(records), "--json")
        async with ScriptedModel() as model:
            model.script = says()
            asking = {"UNSPUN_LLM_URL": model.base_url, "UNSPUN_LLM_MODEL": "scripted-1"}
            done = await asyncio.to_thread(run, *arguments, UNSPUN_LLM_REVIEWS_RULES="true", **asking)
            assert done.returncode == 0, done.stderr
            assert len(model.asked) == 9  # three of each story
        counts = json.loads(done.stdout)["counts"]
        assert (counts["rejected"], counts["review"]["dropped"]) == (3, {})
        assert counts["kept"] + counts["rejected"] == counts["review"]["passed"] > 6
        table = ("eval", "--engine", "llm", "--responses", str(answers), "--records", str(records))
        done = await asyncio.to_thread(run, *table, *NAME, UNSPUN_LLM_REVIEWS_RULES="true")
        assert f"{counts['kept']} kept, 3 rejected" in done.stdout.decode()
        done = await asyncio.to_thread(run, *table, *NAME)  # without the setting nobody has asked
        assert done.returncode == 1
        assert done.stderr.count(b"answers no request") == 3

    def test_refuses_to_ask_without_a_model(self, records: Path, tmp_path: Path) -> None:
        arguments = ("eval", "--engine", "llm", "--ask", str(tmp_path / "answers.jsonl"))
        done = run(*arguments, "--records", str(records))
        assert done.returncode == 1
        assert b"UNSPUN_LLM_URL is not set" in done.stderr

    @pytest.mark.slow
    async def test_asks_a_server_once_for_each_answer(self, records: Path, tmp_path: Path) -> None:
        answers = tmp_path / "answers.jsonl"
        arguments = ("eval", "--engine", "llm", "--ask", str(answers), "--records", str(records), "--json")
        async with ScriptedModel() as model:
            settings = {"UNSPUN_LLM_URL": model.base_url, "UNSPUN_LLM_MODEL": "scripted-1"}

            def script(asked: Asked) -> Reply:
                if "Tarn Echo" in asked.body["messages"][1]["content"]:
                    return failure(503)
                return says()(asked)

            model.script = script
            done = await asyncio.to_thread(run, *arguments, **settings)
            assert done.returncode == 0, done.stderr
            assert len(model.asked) == 5  # two of each story, one failed
            assert b"server_error The server answered 503." in done.stderr
            found = json.loads(done.stdout)
            assert (found["model"], found["unanswered"]) == ("scripted-1", 1)
            assert all(one["counted"] for one in found["tokens"])

            model.script, model.asked = says(), []
            done = await asyncio.to_thread(run, *arguments, **settings)
            assert len(model.asked) == 2
            assert json.loads(done.stdout)["unanswered"] == 0
        assert len(lines_in(answers)) == 6

    def test_refuses_answers_to_other_requests(self, records: Path, tmp_path: Path) -> None:
        put(tmp_path / "answers", "judgement-0-00000000000000000000", ANSWER)
        arguments = ("eval", "--engine", "llm", "--responses", str(tmp_path / "answers"))
        done = run(*arguments, "--records", str(records))
        assert done.returncode == 1
        assert b"answers/judgement-0-00000000000000000000: answers no request" in done.stderr
        assert b"texts without an answer" in done.stdout

    def test_refuses_a_line_that_is_no_record(self, tmp_path: Path) -> None:
        (tmp_path / "records.jsonl").write_text('{"id": "1"}\n')
        (tmp_path / "answers").mkdir()
        arguments = ("eval", "--engine", "llm", "--responses", str(tmp_path / "answers"))
        done = run(*arguments, "--records", str(tmp_path / "records.jsonl"))
        assert done.returncode == 1
        assert b"line 1: Object missing required field" in done.stderr


@pytest.mark.slow
class TestExportOfSamples:
    def test_asks_about_each_that_can_be_scored(self, tmp_path: Path) -> None:
        names = export(tmp_path / "requests.jsonl", "--samples")
        scorable = [one for one in load_sample_stories() if one.expected.not_scorable is None]
        assert len(set(names)) == len(names) == len(scorable)
        assert all(name.startswith("judgement-0-") for name in names)
