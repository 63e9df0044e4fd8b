#!/bin/sh
# Pins what requirements/*.in ask for, with hashes and without a word on where packages come from, for every Python that
# Callwright supports. Versions that are locked already stay, unless UPGRADE=1 (all) or UPGRADE=name (one package).
set -eu

cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/callwright
tool=$cache/lock-$(sha256sum requirements/lock.txt | cut -c1-12)
if [ ! -x "$tool/bin/uv" ]; then
    echo "callwright: installing the locking tool"
    rm -rf "$tool"
    .venv/bin/python -m venv "$tool"
    "$tool/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
fi

case ${UPGRADE:-} in
    '') upgrade= ;;
    1) upgrade=--upgrade ;;
    *) upgrade=--upgrade-package=$UPGRADE ;;
esac

lock() {
    name=$1
    shift
    echo "callwright: locking requirements/$name.txt"
    # shellcheck disable=SC2086  # no option at all where nothing is upgraded
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links $upgrade "$@" "requirements/$name.in" --output-file "requirements/$name.txt"
}

lock run
lock dev --constraints requirements/run.txt    # so that one environment can hold both
lock node
lock lock
