"""The servers' data folder, its lock, and the account that runs PostgreSQL."""

import fcntl
import os
import pwd
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.clock import Clock
from api.embedded.failure import EmbeddedError
from api.settings import environment

# For root, if PostgreSQL's account cannot reach the project (a checkout below /root).
_ROOT_CACHE: Final = Path("/var/cache/unspun")
_ROOT_DATA: Final = Path("/var/lib/unspun")
# Temporary data is in memory if there is enough: a database is copied ten times as fast.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder in it has a unique name
_ENOUGH_BYTES: Final = 4 * 2**30
_DYING_OWNER_S: Final = 20.0  # a killed owner's folder stays locked until its servers have stopped


@dataclass(frozen=True)
class Account:
    """The account that runs PostgreSQL, which refuses root."""

    uid: int
    gid: int


def account_for(cluster: Path) -> Account | None:
    """None for the current user; for root, the owner of an existing cluster, or `nobody`."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the account can enter every folder above `path` and read or enter `path`."""
    if account is None:
        return True
    for part in (path, *path.parents):
        facts = part.stat()
        shift = 6 if facts.st_uid == account.uid else 3 if facts.st_gid == account.gid else 0
        wanted = 1 if stat.S_ISDIR(facts.st_mode) else 4
        if not facts.st_mode >> shift & wanted:
            return False
    return True


def reachable_copy(name: str, folders: list[Path]) -> Path:
    """A world-readable folder with copies of `folders`, created once per `name`; for root only."""
    try:
        _ROOT_CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        place = _ROOT_CACHE / name
        if place.exists():
            return place
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=_ROOT_CACHE))
    except OSError as error:
        raise EmbeddedError(
            f"PostgreSQL cannot run as root, other accounts cannot read {folders[0]}, "
            f"and it cannot be copied: {error}"
        ) from error
    for folder in folders:
        shutil.copytree(folder, fresh / folder.name)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
    try:
        fresh.rename(place)
    except OSError:  # another process was faster
        shutil.rmtree(fresh)
    return place


@contextmanager
def open_folder(data_dir: Path | None, owner: int) -> Iterator[Path]:
    """The folder to use, locked for this process. Raises EmbeddedError if another process uses it.

    None: a temporary folder, removed at the end.
    """
    if data_dir is None:
        place = Path(tempfile.mkdtemp(prefix="unspun-", dir=_memory()))
        try:
            place.chmod(0o711)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if data_dir.stat().st_uid == os.geteuid():
            data_dir.chmod(0o711)  # the cluster's account needs access
        lock = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedError(
            f"The data folder cannot be used: {error}. Set UNSPUN_DATA_DIR to another folder."
        ) from error
    try:
        _lock(lock, data_dir, owner)
        yield _data_place(data_dir)
    finally:
        os.close(lock)


def _memory() -> Path | None:
    """A folder in memory; None if there is none, too little space, or TMPDIR is set."""
    if "TMPDIR" in environment() or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    space = os.statvfs(_MEMORY)
    return _MEMORY if space.f_bavail * space.f_frsize >= _ENOUGH_BYTES else None


def _lock(lock: int, data_dir: Path, owner: int) -> None:
    deadline = Clock().monotonic() + _DYING_OWNER_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode().strip()
            if _is_running(holder) or Clock().monotonic() > deadline:
                raise EmbeddedError(
                    f"{data_dir} is in use by process {holder or 'of another `unspun`'}: stop it "
                    "or set UNSPUN_DATA_DIR to another folder."
                ) from None
            time.sleep(0.1)  # flock has no timeout
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, str(owner).encode(), 0)
            return


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (ValueError, PermissionError):
        return True
    return True


def _data_place(data_dir: Path) -> Path:
    """`data_dir`, or if PostgreSQL's account cannot reach it, the folder named in its file `elsewhere`, which
    is created if missing.
    """
    if reachable(data_dir, account_for(data_dir / "postgres")):
        return data_dir
    pointer = data_dir / "elsewhere"
    if pointer.exists() and (place := Path(pointer.read_text(encoding="utf-8"))).is_dir():
        return place
    _ROOT_DATA.mkdir(mode=0o755, parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f"{data_dir.parent.name}-", dir=_ROOT_DATA))
    place.chmod(0o711)
    pointer.write_text(str(place), encoding="utf-8")
    return place
