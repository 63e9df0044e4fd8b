#!/bin/sh
# The web page: agent_desktop/page (TypeScript) becomes agent_desktop/static, which the centre serves.
#
#   scripts/page.sh build    builds it unless its sources are those of the last build
#   scripts/page.sh check    its types and its own checks (`npm run check`)
#   scripts/page.sh deps     only its pinned packages (node_modules)
#
# Whether something has changed is told by content, not by date, so that a fresh clone or a switched branch is right too.
set -eu

cd "$(dirname "$0")/.."
page=agent_desktop/page
static=agent_desktop/static
task=${1:-build}

say() { printf 'callwright: %s\n' "$*"; }
fail() { printf 'callwright: %s\n' "$*" >&2; exit 1; }

if [ ! -e "$page/package.json" ]; then
    [ -e "$static/index.html" ] || say "no page to build: $page has no package.json"
    exit 0
fi

hash_of() { sha256sum "$@" | sha256sum | cut -c1-16; }

sources_hash() {
    find "$page" \( -name node_modules -o -name dist -o -name test-results \) -prune -o -type f -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
}

# One at a time: two makes in one clone would tread on each other's node_modules.
take_turns() {
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/callwright
    mkdir -p "$cache"
    exec 8>"$cache/page-$(pwd | sha256sum | cut -c1-12).lock"
    if command -v flock >/dev/null; then flock 8; fi
}

use_node() {
    node_bin=$(scripts/node.sh) || exit 1
    PATH=$node_bin:$PATH
    export PATH
}

deps() {
    packages=$(hash_of "$page/package.json" "$page/package-lock.json")
    if [ "$(cat "$page/node_modules/.callwright" 2>/dev/null)" = "$packages" ]; then return; fi
    say "installing the page's pinned packages (about 15 s, once)"
    (cd "$page" && npm ci --silent --no-audit --no-fund --prefer-offline) ||
        fail "npm could not install the page's packages; its message is above, or in \`cd $page && npm ci\`."
    mkdir -p "$page/node_modules"
    echo "$packages" >"$page/node_modules/.callwright"
}

is_built() {
    sources=$(sources_hash)
    [ -e "$static/index.html" ] && [ "$(cat "$static/.built-from" 2>/dev/null)" = "$sources" ]
}

build() {
    if is_built; then return; fi
    take_turns
    if is_built; then return; fi
    use_node
    deps
    say "building the page"
    log=$(mktemp)
    if ! (cd "$page" && npm run --silent build) >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "the page does not build; the message is above."
    fi
    rm -f "$log"
    [ -e "$static/index.html" ] || fail "the page's build left no $static/index.html"
    echo "$sources" >"$static/.built-from"
}

case $task in
    build) build ;;
    deps) take_turns && use_node && deps ;;
    check) take_turns && use_node && deps && cd "$page" && npm run --silent check ;;
    *) fail "usage: scripts/page.sh build|check|deps" ;;
esac
