"""The command line: exit codes, error messages, ports and child processes; journeys run the commands."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from api.analysis.framing.unfitted import unfitted
from api.analysis.models.weights import weights
from api.cli import main
from api.cli.admin_key import stored_admin_key
from api.cli.article import Record, article_of_record
from api.cli.commands import COMMANDS, Failure
from api.cli.ports import check_port, claimed_port
from api.cli.sample_pages import sample_pages
from schemas.enums import SourceType

ROOT = Path(__file__).resolve().parents[2]
# Starts a child that ends with its parent, prints the child's PID, and waits.
CHILD = "import sys, time; from api.cli.parent import leave_with_parent; leave_with_parent(int(sys.argv[1]))"
PARENT = f"""
import subprocess, sys, os
child = subprocess.Popen([sys.executable, "-c", {CHILD + "; time.sleep(60)"!r}, str(os.getpid())])
print(child.pid, flush=True)
child.wait()
"""


def run(*arguments: str, **variables: str) -> Result:
    environment = {name: None for name in os.environ if name.startswith("UNSPUN_")}
    return CliRunner().invoke(main, arguments, env=environment | variables)


class TestMain:
    def test_answers_2_to_a_wrong_command_line(self) -> None:
        assert run("analyse").exit_code == 2
        assert run("analyze", "x", "--flat").exit_code == 2
        assert run("analyze", "x", "--jsonl", "--title", "T").exit_code == 2

    def test_answers_2_to_a_wrong_setting_and_names_it(self) -> None:
        result = run("doctor", UNSPUN_PORT="eighty")
        assert result.exit_code == 2
        assert "UNSPUN_PORT must be a whole number" in result.output

    @pytest.mark.parametrize("command", ["api", "worker", "migrate", "seed"])
    def test_answers_2_where_a_database_is_needed(self, command: str) -> None:
        result = run(command)
        assert result.exit_code == 2
        assert "UNSPUN_DATABASE_URL is not set" in result.output

    def test_answers_1_when_a_server_is_away(self) -> None:
        result = run("migrate", UNSPUN_DATABASE_URL="postgresql://127.0.0.1:1/x?sslmode=disable")
        assert result.exit_code == 1
        assert "refused" in result.output

    @pytest.mark.parametrize("name", COMMANDS)
    def test_has_each_command_that_it_lists(self, name: str) -> None:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.name == name
        assert command.help

    def test_lists_all_commands_without_loading_them(self) -> None:
        loaded = "import sys, api.cli; api.cli.main(['--help'], standalone_mode=False); print(*sys.modules)"
        listed = subprocess.run(
            [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        assert all(f"  {name} " in listed for name in COMMANDS)
        assert "spacy" not in listed.split()
        assert "litestar" not in listed.split()

    def test_prints_its_version(self) -> None:
        assert re.fullmatch(r"unspun, version \d+\.\d+\.\d+\n", run("--version").output)


class TestSettings:
    def test_prints_the_file(self) -> None:
        assert run("settings").output == (ROOT / "deploy" / "settings.env").read_text()


class TestDoctor:
    def test_prints_problems_and_fixes(self, empty_database_url: str) -> None:
        result = run("doctor", UNSPUN_DATABASE_URL=empty_database_url, UNSPUN_REDIS_URL="redis://127.0.0.1:1")
        assert result.exit_code == 1
        assert re.search(r"XX  PostgreSQL 18\.\d+: .* run `unspun migrate`", result.output)
        assert "XX  Valkey or Redis is unreachable" in result.output
        assert "2 errors to fix" in result.output

    def test_is_content_with_a_good_set_up(self, database_url: str, redis_url: str) -> None:
        result = run("doctor", UNSPUN_DATABASE_URL=database_url, UNSPUN_REDIS_URL=redis_url, UNSPUN_PRT="1")
        assert result.exit_code == 0, result.output
        assert re.search(r"ok  PostgreSQL 18\.\d+, schema \d+", result.output)
        assert "ok  valkey 9." in result.output
        assert "--  UNSPUN_PRT is not a setting; did you mean UNSPUN_PORT?" in result.output

    def test_says_that_the_owner_should_not_serve(self, owner_url: str, database_url: str) -> None:
        assert "can change tables: set UNSPUN_OWNER" in run("doctor", UNSPUN_DATABASE_URL=owner_url).output
        assert "can only read and write rows" in run("doctor", UNSPUN_DATABASE_URL=database_url).output

    def test_adds_up_the_connections_of_all_processes(self, database_url: str) -> None:
        settings = {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_POOL_MAX": "20", "UNSPUN_WORKERS": "2"}
        result = run("doctor", **settings)  # 2 * 20 of the API, 20 + 4 of the worker
        assert "ok  connections: at most 40 from the API, 24 from workers, of 290" in result.output
        result = run("doctor", "--apis", "6", "--workers", "5", **settings)
        assert result.exit_code == 1
        assert "XX  connections: at most 240 from the API, 120 from workers, but only 290" in result.output
        assert "PgBouncer" in result.output
        pooled = run("doctor", "--apis", "6", UNSPUN_DIRECT_DATABASE_URL=database_url, **settings)
        assert "ok  connections: at most 4 that bypass the pooler" in pooled.output

    def test_warns_of_a_proxy_that_is_not_named(self) -> None:
        address = {"UNSPUN_BASE_URL": "https://spin.brightwater.example"}
        warning = "--  UNSPUN_TRUSTED_PROXIES is not set"
        assert warning in run("doctor", **address).output
        assert warning not in run("doctor").output
        for said in ("none", "10.0.0.0/8"):
            assert warning not in run("doctor", UNSPUN_TRUSTED_PROXIES=said, **address).output

    def test_says_which_detectors_are_without_weights(self) -> None:
        waiting = unfitted(weights())
        line = (
            f"--  detectors without weights, .*: {', '.join(waiting)}" if waiting else r"ok  detectors: \d+"
        )
        assert re.search(line, run("doctor").output)

    def test_shows_no_password(self, database_url: str) -> None:
        password = database_url.split(":")[2].partition("@")[0]
        assert password not in run("doctor", UNSPUN_DATABASE_URL=database_url).output


def quiet_port() -> int:
    """A free port outside the ephemeral range, so that nobody takes it meanwhile."""
    for port in random.sample(range(20_000, 32_000), 50):
        with suppress(Failure), claimed_port("127.0.0.1", port, or_another=False) as free:
            return free
    raise AssertionError("none of fifty ports is free")


class TestPorts:
    def test_refuses_one_that_is_in_use(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(Failure, match="in use"):
                check_port("127.0.0.1", port)
            with pytest.raises(Failure, match="in use"), claimed_port("127.0.0.1", port, or_another=False):
                pass

    def test_refuses_one_that_another_instance_claims(self) -> None:
        with claimed_port("127.0.0.1", quiet_port(), or_another=False) as port:
            with pytest.raises(Failure, match="reserved"), claimed_port("127.0.0.1", port, or_another=False):
                pass

    def test_takes_another_where_it_may(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with claimed_port("127.0.0.1", port, or_another=True) as first:
                with claimed_port("127.0.0.1", port, or_another=True) as second:
                    assert len({port, first, second}) == 3

    def test_leaves_a_claimed_one_free_for_the_server(self) -> None:
        with claimed_port("127.0.0.1", quiet_port(), or_another=False) as port:
            check_port("127.0.0.1", port)


class TestLeaveWithParent:
    def test_ends_the_process_when_its_parent_is_killed(self) -> None:
        parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
        parent.communicate()
        deadline = time.monotonic() + 10
        while is_running(child):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def test_ends_it_at_once_when_the_parent_was_gone_before(self) -> None:
        code = CHILD + "; time.sleep(60)"
        ended = subprocess.run([sys.executable, "-c", code, "1"], check=False, cwd=ROOT, timeout=10)
        assert ended.returncode == -signal.SIGTERM


class TestArticleOfRecord:
    @pytest.mark.parametrize("text", ["The title\n\nThe body.", "The title\nThe body.", "The body."])
    def test_does_not_double_a_title_that_the_text_begins_with(self, text: str) -> None:
        article = article_of_record(Record(id="r", title="The title", text=text))
        assert article.text == "The title\n\nThe body."

    @pytest.mark.parametrize("text", ["The titles are many.", "A text. The title"])
    def test_leaves_a_text_that_only_looks_so(self, text: str) -> None:
        assert article_of_record(Record(id="r", title="The title", text=text)).text == f"The title\n\n{text}"

    def test_keeps_source_and_type(self) -> None:
        record = Record(id="r", text="Text.", source="Brightwater", source_type=SourceType.MEDIA)
        source = article_of_record(record).source
        assert (source.name, source.type, source.host) == ("Brightwater", SourceType.MEDIA, None)


class TestAdminKey:
    def test_is_made_once_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        key = stored_admin_key(tmp_path / "data")
        assert key.startswith("unspun_live_")
        assert stored_admin_key(tmp_path / "data") == key
        assert (tmp_path / "data" / "admin.key").stat().st_mode & 0o777 == 0o600


class TestSamplePages:
    def test_are_served_under_their_own_names(self) -> None:
        with sample_pages() as pages:
            assert len(pages.urls) == 3
            for url, pair in zip(sorted(pages.urls), sorted(pages.host_map.split(",")), strict=True):
                host, port = pair.split("=127.0.0.1:")
                assert url.startswith(f"http://{host}/")
                answer = get(int(port), host, url.removeprefix(f"http://{host}"))
                assert answer.startswith(b"HTTP/1.0 200")
                assert b'rel="canonical"' in answer
                assert get(int(port), host, "/robots.txt").startswith(b"HTTP/1.0 404")


def get(port: int, host: str, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return answer


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
