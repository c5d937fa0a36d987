"""What a start loads: `unspun analyze` and each engine import no more than they need."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "seeds" / "pages" / "orchard-that-thinks.html"
CPU_S = 40.0  # twenty times what a start takes


def _imported(*modules: str) -> set[str]:
    """The top-level packages that a new interpreter has imported after these modules."""
    code = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return set(found.stdout.split())


def test_the_command_imports_no_server_parser_or_engine() -> None:
    found = _imported("api.cli.analyze", "api.cli.explain")
    assert not found & {"asyncpg", "redis", "pgqueuer", "numpy", "lxml", "trafilatura", "tld", "spacy", "dns"}
    assert "rich" in found


def test_the_fork_server_imports_no_client_of_it() -> None:
    found = _imported("api.processes.serving")
    assert not found & {"asyncio", "ssl", "subprocess"}
    assert "msgspec" in found


def test_the_fast_engine_imports_neither_spacy_nor_the_encoders_runtime() -> None:
    assert not _imported("api.analysis.engines.fast.engine") & {"spacy", "thinc", "onnxruntime", "scipy"}


def test_spacy_is_imported_by_the_pipeline_alone_and_without_its_commands() -> None:
    assert "spacy" not in _imported("api.analysis.engines.rules")
    code = "import sys; from api.analysis.parsing.pipeline import pipeline; pipeline(); "
    check = "assert 'weasel' not in sys.modules; import spacy.cli; assert spacy.cli.download"
    subprocess.run([sys.executable, "-c", code + check], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("suffix", "profile"),
    [
        (".html", "full"),
        (".txt", "fast"),
        pytest.param(".txt", "full", marks=pytest.mark.slow),
        pytest.param(".html", "fast", marks=pytest.mark.slow),
    ],
)
def test_a_cold_analysis(suffix: str, profile: str, tmp_path: Path) -> None:
    page = PAGE
    if suffix == ".txt":
        page = tmp_path / "story.txt"
        page.write_text("The council voted to close the pool, and that was all it had to say. " * 9)
    command = [sys.executable, "-m", "api.cli", "analyze", str(page), "--profile", profile, "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert b'"engine"' in found.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < CPU_S
