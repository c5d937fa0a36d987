"""Runs the examples of a page in one shell, in order, in the project's folder."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.guide.examples import ROOT, Example

DOCUMENTED = "http://127.0.0.1:8000"
_LIMIT_S = 120
_BESIDE = ("seeds", ".venv", "deploy")  # files of the checkout that examples use


@dataclass(frozen=True)
class Ran:
    """The output of an example, with the documented URL in place of the real one."""

    example: Example
    output: str
    errors: str
    status: int


def reader_folder(folder: Path, key: str) -> Path:
    """A folder like the reader's, with the administrator's key as `make demo` stores it."""
    for name in _BESIDE:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".unspun").mkdir()
    (folder / ".unspun" / "admin.key").write_text(key)
    return folder


async def run(examples: list[Example], base_url: str, folder: Path) -> list[Ran]:
    """Results of all examples. Variables persist from block to block."""
    script = ["set -a"]
    for number, example in enumerate(examples):
        block = folder / f"block{number}"
        block.write_text(example.code.replace(DOCUMENTED, base_url))
        command = f". ./{block.name}" if example.language == "sh" else f"python {block.name}"
        script.append(f"{command} > {block}.out 2> {block}.err < /dev/null; echo $? > {block}.status")
    (folder / "page").write_text("\n".join(script))
    outside = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment = {name: value for name, value in outside.items() if not name.startswith("UNSPUN_")}
    binaries = Path(sys.executable).parent
    process = await asyncio.create_subprocess_exec(
        "bash",
        "page",
        cwd=folder,
        env=environment | {"PATH": f"{binaries}:{environment['PATH']}"},
        start_new_session=True,
    )
    try:
        await asyncio.wait_for(process.wait(), _LIMIT_S)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with all background processes
    return [_ran(example, folder / f"block{number}", base_url) for number, example in enumerate(examples)]


def _ran(example: Example, block: Path, base_url: str) -> Ran:
    def read(suffix: str) -> str:
        path = block.with_name(f"{block.name}.{suffix}")
        return path.read_text(errors="replace").replace(base_url, DOCUMENTED) if path.exists() else ""

    return Ran(example, read("out").replace("\r\n", "\n"), read("err"), int(read("status") or 1))
