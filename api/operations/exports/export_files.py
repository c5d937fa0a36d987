"""Exports as folders of files, written under a temporary name and checked before they are read."""

import gzip
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from schemas.exports import EXPORTED, FORMAT, Export, ExportFile, ExportLine
from schemas.ids import is_id
from schemas.wire import encode_json

MANIFEST: Final = "manifest.json"
LINES_OF_A_PART: Final = 50_000  # some tens of megabytes of stories, quickly repeated after an interruption
_PARTIAL: Final = ".partial-"
_KEY_AT: Final = len(b'{"key":"')  # the first field of each line
_BLOCK: Final = 1_048_576
_MAX_MANIFEST_BYTES: Final = 16_777_216


class ExportRefused(Exception):
    """The export does not match its manifest, or cannot be imported here."""


class Parts:
    """Writes the files of one object, with a limit of lines for each file. Lines come in order of keys."""

    def __init__(self, folder: Path, prefix: str, name: str, lines_of_a_part: int = LINES_OF_A_PART) -> None:
        self._folder, self._prefix, self._name = folder, prefix, name
        self._most = lines_of_a_part
        self._lines = 0
        self._open: tuple[gzip.GzipFile, BinaryIO] | None = None
        self.files: list[ExportFile] = []

    def write(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            if self._open is None:
                file = self._path.open("wb")
                # no time or name in the header: equal lines give equal bytes
                self._open = gzip.GzipFile("", "wb", 6, file, mtime=0), file
            self._open[0].write(line + b"\n")
            self._lines += 1
            if self._lines == self._most:
                self.close()

    def close(self) -> None:
        """Finish the open file, if any."""
        if self._open is None:
            return
        for part in self._open:
            part.close()
        path = self._path
        self.files.append(
            ExportFile(
                name=path.name,
                object=self._name,
                lines=self._lines,
                bytes=path.stat().st_size,
                sha256=_sha256(path),
            )
        )
        self._open, self._lines = None, 0

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._prefix}{self._name}-{len(self.files) + 1:04d}.ndjson.gz"


def begin_folder(parent: Path, export_id: str) -> Path:
    """A temporary folder for a new export; folders left by a crash are deleted."""
    parent.mkdir(parents=True, exist_ok=True)
    for leftover in parent.glob(f"{_PARTIAL}*"):
        shutil.rmtree(leftover)
    folder = parent / f"{_PARTIAL}{export_id}"
    folder.mkdir()
    return folder


def finish_folder(folder: Path, manifest: Export) -> Path:
    """Write the manifest, and rename the folder to its final name."""
    (folder / MANIFEST).write_bytes(encode_json(manifest) + b"\n")
    return folder.rename(folder.parent / manifest.id)


def remove_folder(parent: Path, export_id: str) -> None:
    shutil.rmtree(parent / export_id)


def remove_since(parent: Path, moment: datetime) -> None:
    """Remove the exports of the database at this moment or later."""
    for export in list_exports(parent):
        if export.created_at >= moment:
            remove_folder(parent, export.id)


def list_exports(parent: Path) -> list[Export]:
    """The finished exports in a folder, newest first."""
    if not parent.is_dir():
        return []
    names = sorted((entry.name for entry in parent.iterdir() if is_id("exp", entry.name)), reverse=True)
    found = []
    for name in names:
        try:
            found.append(read_manifest(parent / name)[0])
        except ExportRefused:
            continue  # being deleted, or written by another release
    return found


def read_manifest(folder: Path) -> tuple[Export, str]:
    """The manifest and the SHA-256 of its bytes. Raises ExportRefused."""
    path = folder / MANIFEST
    try:
        if path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise ExportRefused(f"{path} is too large for a manifest")
        raw = path.read_bytes()
        manifest = msgspec.json.decode(raw, type=Export)
    except OSError as error:
        raise ExportRefused(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ExportRefused(f"{path} is no manifest: {error}") from error
    if manifest.format != FORMAT:
        raise ExportRefused(f"The export has the format {manifest.format}; this version reads {FORMAT}")
    return manifest, hashlib.sha256(raw).hexdigest()


def check_files(folder: Path, files: Sequence[ExportFile]) -> None:
    """Raises ExportRefused if a file is missing or differs from the manifest."""
    for file in files:
        if file.object not in EXPORTED or Path(file.name).name != file.name:
            raise ExportRefused(f"The manifest names a file that no export has: {file.name}")
        path = folder / file.name
        if not path.is_file():
            raise ExportRefused(f"{file.name} is missing")
        if path.stat().st_size != file.bytes or _sha256(path) != file.sha256:
            raise ExportRefused(f"{file.name} is not the file that the manifest names: its SHA-256 differs")


def read_lines(folder: Path, files: Sequence[ExportFile], name: str) -> Iterator[bytes]:
    """The lines of one object over all its files.

    Raises ExportRefused if they are not in order, or their number differs from the manifest.
    """
    before = b""
    for file in files:
        if file.object != name:
            continue
        lines = 0
        with gzip.open(folder / file.name, "rb") as opened:
            for line in opened:
                key = key_of(line)
                if key <= before:
                    raise ExportRefused(f"{file.name}: line {lines + 1} is not in the order of its keys")
                before, lines = key, lines + 1
                yield line.rstrip(b"\n")
        if lines != file.lines:
            raise ExportRefused(f"{file.name} has {lines} lines, the manifest says {file.lines}")


def key_of(line: bytes) -> bytes:
    """The key at the start of a line. Raises ExportRefused."""
    end = line.find(b'"', _KEY_AT)
    if end < 0 or not line.startswith(b'{"key":"'):
        raise ExportRefused("A line does not begin with its key")
    return line[_KEY_AT:end]


def decode_line(name: str, line: bytes) -> ExportLine:
    """Raises ExportRefused."""
    try:
        return msgspec.json.decode(line, type=EXPORTED[name])
    except msgspec.DecodeError as error:
        raise ExportRefused(f"{name}, {key_of(line).decode(errors='replace')}: {error}") from error


def changed_lines(before: Iterable[bytes], after: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of `after` that are not in `before`; both are in order of keys."""
    old = iter(before)
    previous = next(old, None)
    for line in after:
        key = key_of(line)
        while previous is not None and key_of(previous) < key:
            previous = next(old, None)
        if previous != line:
            yield line


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
