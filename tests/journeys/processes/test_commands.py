"""The commands as processes, which leave nothing behind."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.embedded import EmbeddedServers
from api.embedded.process import free_port
from tests.kit.clients.command import ROOT, environment, run
from tests.kit.servers.web_server import Site
from tests.kit.texts.pages import PARAGRAPHS, article_page

STORY = "Brightwater opens its tidal turbine\n\n" + "\n\n".join(PARAGRAPHS)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that every account can enter; all processes of a test name it."""
    created = Path(tempfile.mkdtemp(prefix="unspun-test-"))
    created.chmod(0o711)
    yield created
    wait_until_gone(created)
    shutil.rmtree(created)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts `unspun` with embedded servers and waits until a line of its output matches."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, until: str, data_dir: Path = folder) -> "subprocess.Popen[str]":
        # a demo chooses another port if its own is in use
        port = {} if "demo" in arguments else {"UNSPUN_PORT": str(free_port())}
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", *arguments],
            env=environment(UNSPUN_DATA_DIR=str(data_dir), **port),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
        )
        started.append(process)
        read_until(process, until)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def read_until(process: "subprocess.Popen[str]", pattern: str) -> str:
    assert process.stdout is not None
    seen = ""
    while not re.search(pattern, seen):
        line = process.stdout.readline()
        assert line, f"it ended before {pattern!r}:\n{seen}"
        seen += line
    return seen


def left_behind(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (process / "cmdline").read_bytes().replace(b"\0", b" ")
            known = arguments + (process / "environ").read_bytes()
        except OSError:  # ended, or of another user
            continue
        if str(folder).encode() in known and int(process.name) != os.getpid():
            found.append(f"{process.name} {arguments.decode(errors='replace')[:200]}")
    return found


def wait_until_gone(folder: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while left := left_behind(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


class TestServe:
    def test_refuses_a_folder_that_is_in_use(self, folder: Path) -> None:
        with EmbeddedServers(folder):
            second = run("serve", UNSPUN_DATA_DIR=str(folder), UNSPUN_PORT=str(free_port()))
        assert second.returncode == 1
        assert f"is in use by process {os.getpid()}" in second.stderr.decode()

    def test_ends_cleanly_when_asked(self, start, folder: Path) -> None:
        serving = start("serve", until="Serving at")
        serving.terminate()
        output, _ = serving.communicate(timeout=40)
        assert serving.returncode == 0, output
        assert left_behind(folder) == []

    def test_leaves_nothing_behind_when_it_is_killed(self, start, folder: Path) -> None:
        serving = start("serve", until="Serving at")
        assert len(left_behind(folder)) > 4  # servers, supervisor, API and its process, worker
        serving.kill()
        wait_until_gone(folder)

    def test_ends_with_1_when_a_part_of_it_ends(self, start, folder: Path) -> None:
        serving = start("serve", until="Serving at")
        command = f"api.cli api --parent {serving.pid} "
        # the first is the part itself; its fork has the same command line
        os.kill(
            min([int(line.split()[0]) for line in left_behind(folder) if command in line]), signal.SIGKILL
        )
        output, _ = serving.communicate(timeout=40)
        assert serving.returncode == 1
        assert "`unspun api` ended with code -9" in output
        wait_until_gone(folder)


class TestDemo:
    def test_judges_a_page_prints_its_card_and_ends(self, folder: Path) -> None:
        for _ in ("first", "with what the first left"):
            done = run("demo", "--once", UNSPUN_DATA_DIR=str(folder))
            assert done.returncode == 0, done.stderr.decode()
            output = done.stdout.decode()
            assert re.search(r"\d+ of 100  (plain|light|moderate|strong|heavy|total)", output)
            assert re.search(r"This story +http://127\.0\.0\.1:\d+/v1/stories/\S+", output)
            assert left_behind(folder) == []

    def test_runs_beside_another_and_prints_calls_that_work(self, start, folder: Path) -> None:
        first = start("demo", until="All stories", data_dir=folder / "one")
        output = read_until(first, "Serving, Ctrl-C")
        second = start("demo", until="Serving, Ctrl-C", data_dir=folder / "two")
        (docs,) = re.findall(r"http\S+/docs", output)
        with urllib.request.urlopen(docs, timeout=10) as answer:
            assert answer.status == 200
        (call,) = re.findall(r"^  curl .*\\\n.*$", output, re.MULTILINE)
        if shutil.which("curl"):
            answered = subprocess.run(["bash", "-c", call], capture_output=True, check=True, cwd=ROOT)
            assert json.loads(answered.stdout)["status"] == "succeeded"
        for running in (first, second):
            running.send_signal(signal.SIGINT)
        for running in (first, second):
            ended, _ = running.communicate(timeout=40)
            assert running.returncode == 0, ended
        assert left_behind(folder) == []


class TestAnalyze:
    def test_refuses_a_private_address(self) -> None:
        refused = run("analyze", "http://127.0.0.1/")
        assert refused.returncode == 1
        assert b"private or reserved" in refused.stderr

    def test_refuses_a_file_that_is_not_there(self) -> None:
        refused = run("analyze", "no-such-file.txt")
        assert refused.returncode == 1
        assert b"no-such-file.txt" in refused.stderr

    def test_says_why_a_text_cannot_be_judged(self) -> None:
        card = run("analyze", "-", given=b"Only a headline")
        assert card.returncode == 0
        assert "NOT SCORABLE" in card.stdout.decode()

    def test_prints_json_whose_spans_are_in_the_text(self, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        page.write_bytes(article_page())
        assessment = json.loads(run("analyze", str(page), "--json", "--source-type", "media").stdout)
        assert assessment["status"] == "scored"
        assert assessment["source_role"]["publisher_type"] == "media"
        for claim in assessment["claims"]:
            for span in claim["spans"]:
                assert STORY[span["start"] : span["end"]] == span["quote"]

    async def test_prints_the_card_of_a_page_that_the_guarded_client_fetched(self, site: Site) -> None:
        url = site.put("news.brightwater.example", "/turbine", article_page())
        answer = await asyncio.to_thread(
            run,
            "analyze",
            url,
            UNSPUN_ALLOW_LOOPBACK_FETCH="true",
            UNSPUN_FETCH_HOST_MAP=f"news.brightwater.example=127.0.0.1:{site.port}",
        )
        assert answer.returncode == 0, answer.stderr.decode()
        card = answer.stdout.decode()
        assert url in card
        assert " of 100  " in card
        assert "\x1b" not in card


class TestAnalyzeRecords:
    def test_names_the_lines_that_cannot_be_read_and_does_the_others(self) -> None:
        good = [json.dumps({"id": f"r{number}", "text": STORY}).encode() for number in range(2)]
        bad = [b"{", b'{"id": "x"}', b'{"id": "x", "text": "\xff"}', b'{"id": 1, "text": "t"}']
        answer = run("analyze", "-", "--jsonl", given=b"\n".join([good[0], *bad, b"", good[1]]))
        assert answer.returncode == 1
        assert [json.loads(line)["id"] for line in answer.stdout.splitlines()] == ["r0", "r1"]
        assert re.findall(r"^line (\d+): ", answer.stderr.decode(), re.MULTILINE) == ["2", "3", "4", "5"]

    def test_keeps_the_order_and_gives_the_flat_form_that_measures_read(self) -> None:
        texts = [STORY * (20 if number % 3 == 0 else 1) for number in range(9)]
        lines = [json.dumps({"id": str(number), "text": text}) for number, text in enumerate(texts)]
        answer = run("analyze", "-", "--jsonl", "--flat", "--processes", "3", given="\n".join(lines).encode())
        assert answer.returncode == 0, answer.stderr.decode()
        rows = [json.loads(line) for line in answer.stdout.splitlines()]
        assert [row["id"] for row in rows] == [str(number) for number in range(9)]
        wanted = {"id", "score", "primary", "secondary", "stance", "tactic", "loaded_terms", "claims"}
        for row, text in zip(rows, texts, strict=True):
            assert wanted <= set(row)
            assert all(term in text for term in row["loaded_terms"])
