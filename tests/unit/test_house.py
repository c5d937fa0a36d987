"""Rules that no linter checks: sizes, names, places, and forbidden contents."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.kit.tables import each

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("api", "schemas", "deploy", "seeds", "tests")
CODE = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
OURS = [path for path in CODE if path.relative_to(ROOT).parts[0] in ("api", "schemas")]

REASON_ABOVE, LONGEST = 400, 600  # lines
REASON = "# Long because"  # among the first lines of a file that needs a reason
HEAD_LINES = 20
NAMED_FILE = re.compile(r"`(\w[\w./-]*\.(?:py|md|sql|json|npz|onnx|toml|sh|html))`")
PLACEHOLDER = re.compile(
    r"NOUN|NNNN|NAME|^(?:manifest|index)\.json$"
)  # the last two: files that the service reads or writes
# names that nobody can guess, or that mean something else in this field
REFUSED_NAMES = re.compile(
    "(?:Door|Held|Ready|Fork|Lane|Bench|Courier|Parcel|Desk|Seat|Seating|Presence|Attendance|InHand|GivenBack|WaitingRoom)"
    "|_?(?:MOST|LONGEST)_[A-Z_]+|[A-Z_]*EVERY_S|heard_until"
)
REFUSED_FILES = {
    "accepted", "awaited", "bench", "codings", "courier", "described", "door", "expected", "following", "held",
    "in_hand", "lane", "listed", "paces", "presence", "sealed", "served", "shipped", "waiting_room",
}  # fmt: skip
MAX_IN_A_FOLDER = 40  # Python files
# a file for each detector; the contract's index
UNBOUNDED = {"api/analysis/framing/detectors", "schemas"}
DUMPING_GROUNDS = {"utils", "util", "helpers", "helper", "common", "manager", "service", "base", "misc"}
SQL = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")

# Concatenated, so that this file does not contain its own matches.
MACHINE = re.compile("|".join((re.escape(str(ROOT)), r"/(?:home|Users)/\w+/", "/ro" + r"ot/\w")))
REGISTRY = re.compile(
    "|".join(("py" + r"pi\.org", "python" + "hosted", "registry\\." + "npmjs", r"https?://\S+/simple\b"))
)
# Numbers of requirements in documents outside the repository.
OUTSIDE = re.compile(
    "|".join(
        (
            r"\b[Cc]onven" + r"tions [A-Z]?\d",
            r"\b[Dd]esign Deci" + r"sions\b",
            r"\b[Mm]ethod,? sec" + r"tion \d|\bgrounding ru" + r"le \d",
            r"\b(?:conventions|design|method|platform|features)\.m" + r"d\b",
            r"\s\([RWAOGT]\d{1,2}(?:, [RWAOGT]\d{1,2})*\)",
        )
    )
)
PROSE = {".py", ".md", ".sql", ".sh", ".yaml", ".yml", ".toml", ".html", ".css", ".js", ".mjs", ".env", ""}
LENGTHS = {"README.md": (900, "words"), "api/README.md": (120, "lines")}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def project_files() -> list[Path]:
    """Committed and new files."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return [path for name in listed if (path := ROOT / name).is_file()]


def trees(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path, tree_of(path)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module, and every name in one, that the file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(node: ast.AST) -> str:
    """All literal text below a node."""
    return " ".join(
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


class TestFiles:
    @each("path", CODE)
    def test_are_short_or_say_why_not(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= LONGEST, f"{len(lines)} lines: split it"
        if len(lines) > REASON_ABOVE:
            head = "\n".join(lines[:HEAD_LINES])
            assert REASON in head, f"{len(lines)} lines: split it, or say `{REASON} ...` at its head"

    def test_are_not_dumping_grounds(self) -> None:
        found = [name_of(path) for path in OURS if {path.stem, path.parent.name} & DUMPING_GROUNDS]
        assert found == [], "name a file for the one idea in it"

    def test_say_at_their_head_what_they_are(self) -> None:
        silent = [
            name_of(path)
            for path in OURS
            if (text := path.read_text(encoding="utf-8")).strip()
            and ast.get_docstring(ast.parse(text)) is None
        ]
        assert silent == []

    def test_hold_no_path_of_a_machine_and_no_address_of_a_registry(self) -> None:
        found = []
        for path in project_files():
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            for pattern in (MACHINE, REGISTRY):
                if match := pattern.search(text):
                    found.append(f"{name_of(path)}: {match[0]}")
        assert found == []

    def test_cite_no_document_from_outside_the_repository(self) -> None:
        found = [
            f"{name_of(path)}: {match[0].strip()}"
            for path in project_files()
            if path.suffix in PROSE
            for match in OUTSIDE.finditer(path.read_text(encoding="utf-8", errors="ignore"))
        ]
        assert found == [], "state the reason, or cite the RFC"

    @each("name", list(LENGTHS))
    def test_of_newcomers_are_short(self, name: str) -> None:
        most, unit = LENGTHS[name]
        text = (ROOT / name).read_text(encoding="utf-8")
        length = len(text.split() if unit == "words" else text.splitlines())
        assert length <= most, (
            f"{length} {unit}: a page of the guide, or the file it explains, takes the rest"
        )


class TestPlaces:
    def test_has_a_readme_in_each_top_folder(self) -> None:
        assert [folder for folder in FOLDERS if not (ROOT / folder / "README.md").is_file()] == []

    def test_has_a_layer_for_each_part_of_the_service(self) -> None:
        contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
        named = {name.strip() for layer in layers for name in layer.split("|")}
        parts = {
            path.stem
            for path in (ROOT / "api").iterdir()
            if (path.suffix == ".py" and path.stem != "__init__") or any(path.glob("*.py"))
        }
        assert parts == named

    def test_names_no_file_that_is_not_there(self) -> None:
        names = [name_of(path) for path in project_files()]
        ends = {name[place:] for name in names for place in (0, *(m.end() for m in re.finditer("/", name)))}
        gone = [
            f"{name_of(path)}: {match[1]}"
            for path in project_files()
            if path.suffix in (".py", ".md") and path.name != "CHANGELOG.md"
            for match in NAMED_FILE.finditer(path.read_text(encoding="utf-8"))
            if match[1] not in ends and not PLACEHOLDER.search(match[1])
        ]
        assert gone == []

    def test_keeps_folders_that_can_be_looked_through(self) -> None:
        sizes = {folder: len(list(folder.glob("*.py"))) for folder in {path.parent for path in CODE}}
        found = {name_of(folder): size for folder, size in sizes.items() if size > MAX_IN_A_FOLDER}
        assert set(found) - UNBOUNDED == set(), "make a room for what belongs together"

    def test_says_in_each_room_what_belongs_there(self) -> None:
        silent = [
            name_of(folder)
            for folder in {path.parent for path in OURS}
            if not (folder / "__init__.py").is_file()
            or ast.get_docstring(tree_of(folder / "__init__.py")) is None
        ]
        assert silent == []

    @pytest.mark.parametrize("package", ["api", "schemas", "seeds"])
    def test_shares_no_import_name_with_another_distribution(self, package: str) -> None:
        assert set(packages_distributions().get(package, [])) <= {"unspun"}


class TestCode:
    def test_reads_clock_environment_and_chance_in_two_places_only(self) -> None:
        sources = {
            ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("time", "time_ns"),
            ("os", "environ"), ("os", "getenv"), ("random", "random"), ("uuid", "uuid4"),
        }  # fmt: skip
        allowed = {"api/clock.py", "api/settings/__init__.py"}
        found = [
            f"{name_of(path)}:{node.lineno}"
            for path, tree in trees("api")
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in sources
            and name_of(path) not in allowed
        ]
        assert found == [], "take the clock or the settings as an argument"

    def test_never_assembles_sql(self) -> None:
        found = []
        for path, tree in trees("api"):
            for node in ast.walk(tree):
                assembled = (
                    isinstance(node, ast.JoinedStr)
                    or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod))
                    or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("format", "join"))
                )
                if assembled and SQL.search(strings(node)):
                    found.append(f"{name_of(path)}:{node.lineno}")
        assert found == []

    def test_speaks_to_others_through_the_guarded_client_alone(self) -> None:
        clients = {
            "httpx",
            "httpx2",
            "httpcore",
            "httpcore2",
            "requests",
            "aiohttp",
            "urllib3",
            "http",
            "urllib",
        }
        # the command line calls our service over HTTP; the rest of urllib only parses
        harmless = {"http.HTTPStatus", "urllib.parse", "urllib.robotparser"}
        allowed = {
            "urllib.request": "api/cli/",
            "urllib.error": "api/cli/",
            "http.client": "api/cli/",
            "http.server": "api/cli/",  # the demo's own site, and the webhook listener
            "httpcore": "api/fetching/",
            "httpx2": "api/llm/",  # the operator sets the address
        }
        found = []
        for path, tree in trees("api"):
            for name in imported(tree):
                if name.partition(".")[0] not in clients or any(name.startswith(good) for good in harmless):
                    continue
                if not any(name.startswith(n) and name_of(path).startswith(f) for n, f in allowed.items()):
                    found.append(f"{name_of(path)}: {name}")
        assert found == []

    def test_never_switches_a_check_of_certificates_off(self) -> None:
        off = {("verify", False), ("check_hostname", False), ("verify_mode", "CERT_NONE")}
        found = []
        for path, tree in trees("api"):
            for node in ast.walk(tree):
                named: list[tuple[str, ast.expr]] = []
                if isinstance(node, ast.keyword) and node.arg:
                    named = [(node.arg, node.value)]
                elif isinstance(node, ast.Assign):
                    named = [(t.attr, node.value) for t in node.targets if isinstance(t, ast.Attribute)]
                for name, value in named:
                    given = value.value if isinstance(value, ast.Constant) else getattr(value, "attr", None)
                    if (name, given) in off:
                        found.append(f"{name_of(path)}:{node.lineno}")
        assert found == []

    def test_takes_no_time_without_its_zone(self) -> None:
        found = []
        for folder in FOLDERS:
            for path, tree in trees(folder):
                for node in ast.walk(tree):
                    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                        continue
                    now = node.func.attr == "now" and ast.unparse(node.func.value).endswith("datetime")
                    bare = now and not (node.args or node.keywords)
                    if bare or node.func.attr in ("utcnow", "utcfromtimestamp"):
                        found.append(f"{name_of(path)}:{node.lineno}")
        assert found == []

    def test_is_looked_at_by_the_rules_for_security(self) -> None:
        chosen = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
        assert {"S", "DTZ", "ASYNC"} <= set(chosen["select"])
        assert {rule for rule in chosen["ignore"] if rule.startswith("S") and rule[1:].isdigit()} == {
            "S101",
            "S104",
            "S608",
        }

    def test_has_guessable_names(self) -> None:
        found = [name_of(path) for path in OURS if path.stem in REFUSED_FILES]
        for path, tree in trees("api"):
            for node in ast.walk(tree):
                names = [
                    getattr(node, "name", None),
                    node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None,
                ]
                found += [f"{name_of(path)}: {n}" for n in names if n and REFUSED_NAMES.fullmatch(n)]
        assert found == []

    def test_holds_no_stubs(self) -> None:
        notes = re.compile(r"#\s*(?:TO" + "DO|FIX" + "ME|X" + r"XX)\b|raise NotImplemented" + "Error")
        assert [name_of(path) for path in OURS if notes.search(path.read_text(encoding="utf-8"))] == []
