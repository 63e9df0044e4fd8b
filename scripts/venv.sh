#!/bin/sh
# Makes the virtual environment, or finds the one that an earlier run (perhaps of another clone) has made.
#
#   scripts/venv.sh run    what the centre needs            (requirements/run.txt)
#   scripts/venv.sh dev    that, and what the tests need    (requirements/dev.txt)
#
# The environment lies outside the work tree, under a name made of Python's version and the hash of both locks; `.venv` is a
# link to it. It needs no root, and nothing but Python >= 3.11. PYTHON=/path/to/python chooses the interpreter.
set -eu

cd "$(dirname "$0")/.."
wanted=${1:-run}
case $wanted in
    run | dev) ;;
    *) echo "usage: scripts/venv.sh run|dev" >&2; exit 2 ;;
esac

say() { printf 'callwright: %s\n' "$*"; }
fail() { printf 'callwright: %s\n' "$*" >&2; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_new_enough "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or later."
        python=$PYTHON
        return
    fi
    for python in python3 python3.13 python3.12 python3.11 python3.14; do
        if is_new_enough "$python"; then return; fi
    done
    if found=$(python3 --version 2>/dev/null); then
        fail "this machine's python3 is $found; Callwright needs Python 3.11 or later (name another one with PYTHON=...)."
    fi
    fail "there is no python3 here; Callwright needs Python 3.11 or later."
}

is_usable() { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null; }

create() {
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$("$python" --version) lacks its venv module. On Debian and Ubuntu: sudo apt install python3-venv"
    say "making a virtual environment for Python $version in $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "$("$python" --version) could not make $venv; its message is above."
}

install() {
    started=$(date +%s)
    say "installing $(grep -c '^[a-zA-Z]' "requirements/$1.txt") pinned packages of requirements/$1.txt (about half a minute, once)"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input --prefer-binary \
        --require-hashes --requirement "requirements/$1.txt" ||
        fail "pip could not install requirements/$1.txt; its message is above."
    touch "$venv/installed-$1"
    say "installed in $(($(date +%s) - started)) s"
}

find_python
version=$("$python" -c 'import platform; print(platform.python_version())')
locks=$(cat requirements/run.txt requirements/dev.txt | sha256sum | cut -c1-12)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/callwright
venv=$cache/venv-$version-$locks

if ! { is_usable && [ -e "$venv/installed-$wanted" ]; }; then
    { mkdir -p "$cache" && [ -w "$cache" ]; } 2>/dev/null ||
        fail "$cache cannot be written to, and the environment belongs there. Name another folder with XDG_CACHE_HOME=..."
    # Two clones may be set up at the same moment; the second one waits and then finds the work done.
    exec 9>"$venv.lock"
    if command -v flock >/dev/null; then flock 9; fi
    is_usable || create
    if [ ! -e "$venv/installed-run" ]; then install run; fi
    if [ "$wanted" = dev ] && [ ! -e "$venv/installed-dev" ]; then install dev; fi
fi

if [ "$(readlink .venv 2>/dev/null)" != "$venv" ]; then
    if [ -e .venv ] && [ ! -L .venv ]; then
        fail ".venv is a folder that Callwright did not make; move it away and try again."
    fi
    ln -sfn "$venv" .venv 2>/dev/null || fail "$(pwd) cannot be written to; clone it to a folder of your own."
fi
