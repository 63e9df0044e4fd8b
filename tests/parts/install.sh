#!/usr/bin/env bash
# Installs the real parts that the tests talk to: an Asterisk, SIPp, Chromium, a Chinese font, speech, Graphviz,
# PostgreSQL.
#
#     tests/parts/install.sh            installs what is missing; a second run finds it all there
#
# For Debian and Ubuntu. System packages need root or sudo. Asterisk does not: Debian bookworm has none, so
# Debian sid's packages are fetched with apt (signatures checked) and unpacked, not installed, into
# ${XDG_CACHE_HOME:-$HOME/.cache}/callwright/asterisk, where tests/parts/asterisk.py starts it with its own
# libraries. A machine that has Asterisk 20 or later uses that. CALLWRIGHT_DEBIAN_MIRROR=URL says where sid is,
# if the machine's own apt sources have no Debian mirror.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/callwright
asterisk=$cache/asterisk
# Raise it when what is unpacked, or how, changes: older folders are then made anew.
asterisk_layout=1
asterisk_packages=(
    asterisk asterisk-core-sounds-en asterisk-core-sounds-en-gsm asterisk-moh-opsound-gsm
)

# What must be put back in the end, however it comes.
undo=()
clean_up() { local step; for step in "${undo[@]}"; do eval "$step"; done; }
trap clean_up EXIT

say() { printf '[parts] %s\n' "$*"; }
fail() { printf '[parts] %s\n' "$*" >&2; exit 1; }
fail_with_log() { tail -n 20 "$cache/apt.log" >&2; fail "$@"; }

# --- System packages ----------------------------------------------------------------------------------

have() { command -v "$1" >/dev/null 2>&1; }
have_chromium() { have chromium || have chromium-browser || have google-chrome; }
have_chinese_font() { [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }
have_postgresql() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

missing_packages() {
    have_chromium || echo chromium
    have_chinese_font || echo fonts-wqy-microhei
    have sipp || echo sip-tester
    have espeak-ng || echo espeak-ng
    have sox || echo sox
    have dot || echo graphviz
    have_postgresql || echo postgresql
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Packages of servers start them. The tests start their own, so Debian's switch for this is set meanwhile.
policy=/usr/sbin/policy-rc.d
keep_services_down() {
    [ -e $policy ] && return
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    undo+=("as_root rm -f $policy")
}

install_packages() {
    have apt-get || fail "this machine has no apt-get; please install by hand: $*"
    [ "$(id -u)" = 0 ] || have sudo || fail "the tests need packages that only root may install: apt install $*"
    keep_services_down
    say "updating apt's lists"
    as_root apt-get -qq update || fail "apt-get update failed: is the network there?"
    local package
    for package in "$@"; do
        say "installing $package"
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$package" \
            >"$cache/apt.log" 2>&1 || fail_with_log "apt-get install $package failed"
    done
    # Ubuntu's chromium, for one, is an empty package that points to a snap.
    [ -z "$(missing_packages)" ] || fail "installed, but still not there: $(missing_packages | xargs)"
}

# --- Asterisk -----------------------------------------------------------------------------------------

own_asterisk_is_recent() {
    local path
    path=$(PATH=$PATH:/usr/sbin command -v asterisk) || return 1
    local version
    version=$("$path" -V | sed -n 's/^Asterisk \([0-9]*\)\..*/\1/p')
    [ "${version:-0}" -ge 20 ]
}

# The first Debian mirror among the machine's own sources, in either of the two formats that apt knows.
debian_mirror() {
    if [ -n "${CALLWRIGHT_DEBIAN_MIRROR:-}" ]; then echo "$CALLWRIGHT_DEBIAN_MIRROR"; return; fi
    local files=()
    mapfile -t files < <(find /etc/apt -maxdepth 2 \( -name '*.list' -o -name '*.sources' \) 2>/dev/null | sort)
    [ ${#files[@]} -gt 0 ] || return 0
    sed -nE -e 's/^deb (\[[^]]*\] )?([^ ]+).*/\2/p' -e 's/^URIs: *([^ ]+).*/\1/p' "${files[@]}" |
        grep -E '/debian/?$' | head -n 1 || true
}

write_apt_files() {
    local home=$1 mirror=$2 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$keyring" ] || fail "Debian's keys are missing ($keyring); install the package debian-archive-keyring"
    mkdir -p "$home"/{lists/partial,archives/partial,sources}
    # An empty list of installed packages: every library comes along, none is taken from this machine.
    : >"$home/status"
    printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: %s\n' "$mirror" "$keyring" \
        >"$home/sources/sid.sources"
    cat >"$home/apt.conf" <<END
Dir::State "$home";
Dir::State::lists "$home/lists";
Dir::State::status "$home/status";
Dir::Cache "$home";
Dir::Cache::archives "$home/archives";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$home/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Install-Recommends "false";
APT::Update::Error-Mode "any";
APT::Sandbox::User "$(id -un)";
END
}

unpack_asterisk() {
    local mirror work
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || fail "no Debian mirror in /etc/apt: install asterisk >= 20, or set CALLWRIGHT_DEBIAN_MIRROR"
    work=$(mktemp -d "$cache/asterisk.XXXXXX")
    undo+=("rm -rf '$work'")
    write_apt_files "$work/apt" "$mirror"
    say "fetching Asterisk from Debian sid (90 MB, once)"
    APT_CONFIG=$work/apt/apt.conf apt-get -qq update || fail "cannot read Debian sid's lists: is the network there?"
    APT_CONFIG=$work/apt/apt.conf apt-get -qq -y --download-only install "${asterisk_packages[@]}" >"$cache/apt.log" 2>&1 ||
        fail_with_log "cannot fetch Asterisk's packages: is the network there?"
    say "unpacking Asterisk"
    local package
    mkdir "$work/root"
    for package in "$work"/apt/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done
    ln -s en_US_f_Allison "$work/root/usr/share/asterisk/sounds/en"
    echo "$asterisk_layout" >"$work/root/.layout"
    # In one step, so that a folder of this name is always whole.
    rm -rf "$asterisk"
    mv "$work/root" "$asterisk"
}

# ------------------------------------------------------------------------------------------------------

main() {
    mkdir -p "$cache"
    # Two clones may be tested at once.
    exec 9>"$cache/parts.lock"
    flock 9
    local packages=()
    mapfile -t packages < <(missing_packages)
    [ ${#packages[@]} = 0 ] || install_packages "${packages[@]}"
    if ! own_asterisk_is_recent && [ "$(cat "$asterisk/.layout" 2>/dev/null)" != $asterisk_layout ]; then
        unpack_asterisk
    fi
    say "real parts are ready"
}

main
