#!/bin/sh
# Proves the Dockerfile without a container engine: sh deploy/prove_image.sh
#
# Its COPY and RUN lines are read and carried out in a temporary folder that stands for the image: /src and
# /opt become folders in it, so that a file that no COPY names is missing here too. Then, with the copied
# sources deleted and an empty environment, the installed command and packages are tried.
# Not proven: the base image, ENV, USER and HEALTHCHECK, which need an engine.
set -eu

checkout=$(cd "$(dirname "$0")/.." && pwd)
image=$(mktemp -d)
trap 'rm -rf "$image"' EXIT INT TERM
mkdir "$image/src"

stage=0
while read -r instruction arguments; do
    case $instruction in
    FROM) stage=$((stage + 1)) ;;
    COPY)
        # The second stage copies /opt/unspun to where it is here already.
        case $arguments in --from=*) continue ;; esac
        target=${arguments##* }
        for source in ${arguments% *}; do
            case $target in
            */) mkdir -p "$image/src/$target" && cp "$checkout/$source" "$image/src/$target" ;;
            *)  mkdir -p "$image/src/$target" && cp -R "$checkout/$source/." "$image/src/$target" ;;
            esac
        done
        ;;
    RUN)
        if [ $stage -gt 1 ] && [ "$(id -u)" -ne 0 ]; then
            echo "not run, as it sets owners: $arguments"
            continue
        fi
        echo "RUN $arguments"
        (cd "$image/src" && sh -euc "$(printf '%s' "$arguments" | sed "s# /\(opt\|secrets\)# $image/\1#g")")
        ;;
    esac
done < "$checkout/deploy/Dockerfile"

prefix=$image/opt/unspun
rm -rf "$image/src"
cd "$image"
isolated() {
    env -i PATH="$prefix/bin:/usr/bin:/bin" HOME="$image" PYTHONDONTWRITEBYTECODE=1 "$@"
}

isolated unspun --version
isolated unspun --help > /dev/null
isolated python -c "
import sys
from importlib.resources import files
from importlib.util import find_spec

import api, schemas, seeds

prefix, checkout = sys.argv[1:]
assert all(module.__file__.startswith(prefix) for module in (api, schemas, seeds)), 'imported from elsewhere'
assert not any(path.startswith(checkout) for path in sys.path), 'the checkout is on the path'
assert (files('seeds') / 'taxonomy.json').is_file(), 'the taxonomy is not installed'
assert any((files('seeds') / 'stories').iterdir()), 'the sample stories are not installed'
assert any((files('seeds') / 'pages').iterdir()), 'the sample pages are not installed'
assert any((files('api.storage') / 'migrations').iterdir()), 'the migrations are not installed'
assert find_spec('api.training') is None, 'the training is installed'
" "$prefix" "$checkout"
isolated python -m api.cli settings > /dev/null
if isolated python -c "import pip" 2> /dev/null || isolated python -c "import pytest" 2> /dev/null; then
    echo "pip or the tests' tools are left in the image" >&2
    exit 1
fi
echo "$(isolated python -c 'from importlib.metadata import distributions as d; print(len(list(d())))') distributions, $(du -sm "$prefix" | cut -f1) MB"
echo "proven: every step of the Dockerfile ran, and the result works on its own"
