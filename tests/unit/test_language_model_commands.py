"""`unspun llm` and `unspun eval`: refused command lines, files with answers, and names of requests."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.cli.language_models.answer_files import AnswerFiles
from api.cli.language_models.llm import RequestWriter
from api.cli.language_models.questions import Question, in_order
from api.operations.language_models.open_requests import Progress, request_name, story_in
from api.proposals.grounded import Refusal
from api.proposals.requests import Call, Message, ModelRequest
from api.runtime.language_model import batch_server
from api.settings import Settings
from tests.kit.texts.answers import answer

STORY = "sty_" + "0" * 26
SETTINGS = Settings.from_environment({})


def run(*arguments: str, **variables: str) -> Result:
    environment = {name: None for name in os.environ if name.startswith("UNSPUN_")}
    return CliRunner().invoke(main, arguments, env=environment | variables)


def request(call: Call = Call.JUDGEMENT, part: int = 0, words: str = "Judge.") -> ModelRequest:
    return ModelRequest.of(call, part, [Message(role="system", content=words)])


def batch_line(name: str, content: str | None, **response: Any) -> str:
    body = {"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}
    return json.dumps({"custom_id": name, "response": {"status_code": 200, "body": body} | response})


def files(*paths: Path) -> AnswerFiles:
    return AnswerFiles(paths, SETTINGS, batch_server(SETTINGS, "m"))


class TestRefuses:
    @pytest.mark.parametrize(
        ("arguments", "why"),
        [
            (("llm", "export", "-"), "give one of --story"),
            (("llm", "export", "-", "--all", "--samples"), "give one of --story"),
            (
                ("llm", "export", "-", "--all", "--model", "m", "--answers", "."),
                "--answers is for other texts",
            ),
            (("llm", "export", "-", "--samples", "--model", "m", "--most", "3"), "--most requires --all"),
            (("llm", "export", "-", "--all", "--model", "m", "--proposals", "x"), "--proposals requires"),
            (("llm", "export", "-", "--samples"), "--model or UNSPUN_LLM_MODEL"),
            (("llm", "export", "-", "--records", "no-such-file"), "does not exist"),
            (("llm", "export", "-", "--all", "--model", "m"), "UNSPUN_DATABASE_URL is not set"),
            (("llm", "import", "no-such-file", "--model", "m"), "does not exist"),
            (("llm", "import", "."), "--model or UNSPUN_LLM_MODEL"),
            (("eval", "--responses", ".", "--records", "Makefile"), "--engine"),
            (("eval", "--engine", "rules", "--responses", "."), "'rules' is not"),
            (("eval", "--engine", "llm", "--records", "Makefile"), "give --responses, --ask or both"),
            (("eval", "--engine", "llm", "--responses", "."), "give --records, --public or both"),
            (("rescore",), "either --missing or --engine"),
            (("rescore", "--missing", "happening", "--engine", "llm"), "either --missing or --engine"),
            (("rescore", "--engine", "rules"), "'rules' is not"),
        ],
    )
    def test_a_wrong_command_line(self, arguments: tuple[str, ...], why: str) -> None:
        refused = run(*arguments)
        assert refused.exit_code == 2, refused.output
        assert why in refused.output


class TestAnswerFiles:
    def test_name_each_line_that_cannot_be_read(self, tmp_path: Path) -> None:
        name = request_name(request())
        lines = ["garbage", batch_line(name, answer().decode()), "", batch_line(name, "{}"), "[]"]
        (tmp_path / "answers.jsonl").write_text("\n".join(lines))
        found = files(tmp_path / "answers.jsonl")
        assert found.faults == [
            "line 1: This is no answer in the Batch format.",
            "line 4: a second answer to line 2",
            "line 5: This is no answer in the Batch format.",
        ]
        given = found.of(request())
        assert given is not None
        assert given.content == answer().decode()
        assert found.failed == {}

    def test_take_the_answer_after_an_error(self, tmp_path: Path) -> None:
        name = request_name(request())
        lines = [batch_line(name, None, status_code=500), batch_line(name, answer().decode())]
        (tmp_path / "answers.jsonl").write_text("\n".join(lines))
        found = files(tmp_path / "answers.jsonl")
        assert found.of(request()) is not None
        assert (found.faults, found.failed) == ([], {})

    def test_keep_the_reason_of_a_failed_answer(self, tmp_path: Path) -> None:
        requests = [request(words=str(n)) for n in range(3)]
        lines = [
            json.dumps({"custom_id": request_name(requests[0]), "error": {"code": "batch_expired"}}),
            batch_line(request_name(requests[1]), None, status_code=429),
            batch_line(request_name(requests[2]), "I would rather not."),
        ]
        (tmp_path / "answers.jsonl").write_text("\n".join(lines))
        found = files(tmp_path / "answers.jsonl")
        assert [found.of(one) for one in requests] == [None] * 3
        assert list(found.failed.values()) == [
            "line 1: error_in_answer The server answered 200 (batch_expired).",
            "line 2: rate_limited The server answered 429.",
            "line 3: schema_ignored",
        ]

    def test_give_an_unusable_answer_to_an_evaluation(self, tmp_path: Path) -> None:
        (tmp_path / "answers.jsonl").write_text(batch_line(request_name(request()), "I would rather not."))
        given = files(tmp_path / "answers.jsonl").as_given(request())
        assert given is not None
        assert given.content == "I would rather not."

    def test_read_folders_that_were_answered_by_hand(self, tmp_path: Path) -> None:
        for one, content in ((request(), answer()), (request(words="2"), None)):
            (tmp_path / request_name(one)).mkdir()
            if content is not None:
                (tmp_path / request_name(one) / "answer.json").write_bytes(content)
        found = files(tmp_path)
        assert found.of(request(words="2")) is None
        given = found.of(request())
        assert given is not None
        assert (given.content, given.prompt_tokens) == (answer().decode(), None)

    def test_of_another_story_are_not_taken(self, tmp_path: Path) -> None:
        (tmp_path / "answers.jsonl").write_text(batch_line(request_name(request(), STORY), answer().decode()))
        found = files(tmp_path / "answers.jsonl")
        assert found.of(request()) is None
        assert found.of(request(), STORY) is not None


class TestARequestsName:
    def test_has_at_most_64_plain_characters(self) -> None:
        name = request_name(request(part=99), STORY)
        assert len(name) <= 64
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
        assert name.startswith(f"{STORY}-judgement-99-{request(part=99).digest[:8]}")

    def test_tells_its_story(self) -> None:
        assert story_in(request_name(request(), STORY)) == STORY
        assert story_in(request_name(request())) is None
        assert story_in("") is None


class TestProgress:
    def test_is_complete_once_all_is_answered(self) -> None:
        first, last = (request(), "{}"), (request(Call.PROSE), "{}")
        assert Progress(asked=[first, last], refusal=None).is_complete
        assert not Progress(asked=[first, (request(Call.PROSE), None)], refusal=None).is_complete
        assert not Progress(asked=[first], refusal=Refusal.UNSUPPORTED_BAND).is_complete

    def test_is_judged_without_a_review_of_the_rules_findings_and_not_without_prose(self) -> None:
        first, last, review = (request(), "{}"), (request(Call.PROSE), "{}"), request(Call.REVIEW)
        half = Progress(asked=[first, last, (review, None)], refusal=None)
        assert (half.is_complete, half.is_judged, half.open) == (False, True, [review])
        assert "review" not in json.loads(half.proposal("m", recorded=True) or b"")
        whole = Progress(asked=[first, last, (review, "[]")], refusal=None)
        assert (whole.is_complete, whole.is_judged) == (True, True)
        assert json.loads(whole.proposal("m", recorded=True) or b"")["review"] == "[]"
        assert not Progress(
            asked=[first, (request(Call.PROSE), None), (review, "[]")], refusal=None
        ).is_judged
        assert not Progress(asked=[first, last], refusal=Refusal.UNSUPPORTED_BAND).is_judged

    def test_has_a_proposal_without_prose_but_not_without_a_judgement(self) -> None:
        first, second = request(), request(part=1)
        half = Progress(asked=[(first, "{}"), (second, None)], refusal=None)
        assert half.proposal("m", recorded=True) is None
        assert Progress(asked=[], refusal=Refusal.NOT_SCORABLE).proposal("m", recorded=True) is None
        whole = Progress(asked=[(first, "{}"), (second, "[]"), (request(Call.PROSE), None)], refusal=None)
        assert json.loads(whole.proposal("m", recorded=True) or b"") == {
            "model": "m",
            "recorded": True,
            "judgements": ["{}", "[]"],
            "prose": None,
        }
        assert [one.call for one in whole.open] == [Call.PROSE]


class TestComplete:
    async def test_answers_about_a_sample_become_its_proposal(self, tmp_path: Path) -> None:
        whole = Progress(asked=[(request(), "{}"), (request(Call.PROSE), "{}")], refusal=None)
        half = Progress(asked=[(request(words="2"), None)], refusal=None)

        async def questions() -> AsyncIterator[Question]:
            yield Question(sample="boats", progress=whole)
            yield Question(sample="lamps", progress=half)
            yield Question(skipped="The texts of this source may not be sent to a language model.")
            yield Question(progress=Progress(asked=[], refusal=Refusal.NOT_SCORABLE))

        server = batch_server(SETTINGS, "m")
        writer = RequestWriter(tmp_path / "requests.jsonl", SETTINGS, server, folders=False)
        await writer.take(questions())
        writer.write()
        writer.write_proposals(tmp_path / "proposals", "m")
        (file,) = (tmp_path / "proposals").iterdir()
        assert file.name == "boats.json"
        assert file.read_bytes() == whole.proposal("m", recorded=True)
        (line,) = (tmp_path / "requests.jsonl").read_text().splitlines()
        assert json.loads(line)["custom_id"] == request_name(request(words="2"))
        assert writer.summary().splitlines() == [
            "1 requests",
            "1 texts: All is answered.",
            "1 texts: Asked for the judgement.",
            "1 texts: Nothing more to ask: not_scorable.",
            "1 texts: The texts of this source may not be sent to a language model.",
        ]


class TestInOrder:
    async def test_gives_results_in_order_and_ends_at_a_failure(self) -> None:
        begun: list[int] = []

        async def work(number: int) -> int:
            begun.append(number)
            if number == 2:
                raise LookupError(number)
            return number

        results = in_order((work(n) for n in range(100)), 1)
        assert [await anext(results), await anext(results)] == [0, 1]
        with pytest.raises(LookupError):
            await anext(results)
        assert max(begun) < 5
