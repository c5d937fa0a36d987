"""Builds `.venv` from `requirements.lock`, or another FOLDER from another LOCK, for the Makefile.

Needs only the standard library.

Every package is checked against its hash. uv installs them in seconds, brought by this Python's pip and its hash;
where there is no pip, or uv cannot run or finds no package index, a pip of the environment's own does. The
project is installed as a link, without network.
A stamp with the digest of what was installed makes the next run cost nothing. The syntax stays that of old
Pythons (3.6), so that one gets a sentence instead of a traceback.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, sys.argv[1] if len(sys.argv) > 1 else ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, ".stamp")
LOCK = os.path.join(ROOT, sys.argv[2] if len(sys.argv) > 2 else "requirements.lock")
OLDEST, NEWEST = (3, 11), (3, 14)
PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
# wheels, which run nothing when they are installed; the one package that has none is pure Python
WHEELS = ["--only-binary", ":all:", "--no-binary", "jstyleson"]
LINK = ["--no-index", "--no-deps", "--no-build-isolation"]


def main():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        wanted = f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]}"
        return f"Unspun needs {wanted}, this is {sys.version.split()[0]}. Use: make PYTHON=python3.12 ..."
    with open(LOCK, "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make demo` and `make test` at once install once
        digest = wanted_digest()
        if read_stamp() == digest:
            os.utime(STAMP)
            return None
        return build() or write_stamp(digest)


def wanted_digest():
    parts = [sys.version.encode(), ROOT.encode()]
    for path in (LOCK, os.path.join(ROOT, "pyproject.toml")):
        with open(path, "rb") as file:
            parts.append(file.read())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_stamp():
    try:
        with open(STAMP) as file:
            return file.read()
    except OSError:
        return ""


def write_stamp(digest):
    with open(STAMP, "w") as file:
        file.write(digest)


def build():
    """None, or why it failed."""
    if not same_python():
        sys.stderr.write(f"Making {os.path.basename(VENV)} with Python {sys.version.split()[0]} ...\n")
        code, output = run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV], None)
        if code:
            return output + "\nPython cannot make virtual environments; on Debian: install python3-venv."
    sys.stderr.write(f"Installing the packages of {os.path.basename(LOCK)} ...\n")
    with tempfile.TemporaryDirectory() as folder:
        return None if install_with_uv(folder) else install_with_pip()


def install_with_pip():
    """None, or why it failed."""
    # bytecode is compiled when a module is first used, not for all of them now
    packages = [*WHEELS, "--no-compile", "--require-hashes", "-r", LOCK]
    for command, counted in (
        ([PYTHON, "-m", "ensurepip"], None),
        ([PYTHON, *PIP, *packages], "packages"),
        ([PYTHON, *PIP, *LINK, "--config-settings", "editable_mode=compat", "-e", ROOT], None),
    ):
        code, output = run(command, counted)
        if code:
            return output
    return None


def install_with_uv(folder):
    """Whether uv installed everything; it comes into `folder`. It asks the index that pip is told to ask."""
    with open(LOCK) as lock:
        pinned = re.search(r"^uv==(?:.*\\\n)*.*\n", lock.read(), re.MULTILINE)
    if not pinned:
        return False
    only_uv = os.path.join(folder, "uv.txt")
    with open(only_uv, "w") as file:
        file.write(pinned.group())
    bring = ["--no-compile", "--no-deps", "--require-hashes", "--target", folder, "-r", only_uv]
    code, _ = run([sys.executable, *PIP, *bring], None)
    if code:
        return False
    environment = dict(os.environ)
    for ours, theirs in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        told = subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-m", "pip", "config", "get", "global." + ours],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        given = os.environ.get("PIP_" + ours.upper().replace("-", "_")) or told.stdout.decode().strip()
        if given:
            environment.setdefault(theirs, given)
    install = [os.path.join(folder, "bin", "uv"), "pip", "install", "--quiet", "--python", PYTHON]
    for what in (
        [*WHEELS, "--require-hashes", "-r", LOCK],
        [*LINK, "--config-setting", "editable_mode=compat", "-e", ROOT],
    ):
        code, _ = run([*install, *what], None, environment)
        if code:
            return False
    return True


def same_python():
    """Whether .venv works and is of this interpreter's version."""
    try:
        answer = subprocess.check_output(  # noqa: S603  # our own interpreter
            [PYTHON, "-c", "import sys; print(sys.version)"]
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.decode().strip() == sys.version.strip()


def run(command, counted, environment=None):
    """Run quietly with a sign of life; the exit code, and the end of the output for the case of failure."""
    process = subprocess.Popen(  # noqa: S603  # every command stands in this file
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT, env=environment
    )
    lines = []

    def read():
        for line in process.stdout:
            lines.append(line.decode("utf-8", "replace").rstrip())

    reader = threading.Thread(target=read)
    reader.start()
    terminal, started, spoken = sys.stderr.isatty(), time.time(), time.time()
    while reader.is_alive():
        reader.join(0.5)
        if counted and time.time() - spoken >= (0.5 if terminal else 10):
            spoken = time.time()
            report(lines, counted, int(spoken - started), terminal)
    if counted and terminal:
        sys.stderr.write("\r" + " " * 60 + "\r")
    return process.wait(), "\n".join(lines[-25:])


def report(lines, counted, seconds, terminal):
    found = sum(1 for line in lines if re.match("Collecting ", line))
    unpacking = any(line.startswith("Installing collected") for line in lines)
    text = f"  {found} {counted} {'being unpacked' if unpacking else 'found'}, {seconds} s"
    sys.stderr.write(f"\r{text:60}" if terminal else text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
