#!/bin/sh
# The steps that build an installation, one a call: sh deploy/build.sh STEP PREFIX
# Called by the Dockerfile, and by prove_image.sh, from a folder that holds what the step needs.
set -eu

step=$1
prefix=$2

case $step in
dependencies)
    # Every file must match a hash of the lock; wheels only, so nothing of a third party runs while building.
    # jstyleson has no wheel. Tests alone need it, and what they need is pruned, so it is left out of the lock here;
    # --no-deps, else pip would look for it again: the lock names every other dependency.
    python3 -m venv "$prefix"
    awk '/^[^ ]/ { kept = !/^jstyleson==/ } kept' requirements.lock > "$prefix/wheels.lock"
    "$prefix/bin/python" -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --no-deps --only-binary :all: -r "$prefix/wheels.lock"
    rm "$prefix/wheels.lock"
    ;;
package)
    # The build backend is the locked setuptools, not a fresh one from an isolated build.
    "$prefix/bin/python" -m pip install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation .
    ;;
prune)
    # One lock for all: what only tests, tools and the embedded servers need goes, and pip last.
    "$prefix/bin/python" deploy/prune.py | xargs "$prefix/bin/python" -m pip uninstall --yes --quiet
    "$prefix/bin/python" -m pip uninstall --yes --quiet pip
    ;;
*)
    echo "unknown step: $step (dependencies, package or prune)" >&2
    exit 2
    ;;
esac
