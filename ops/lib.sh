# Shared by the scripts of ops/ and cluster/: what a fresh Debian machine lacks, and one way to build.
# Sourced, not run. The caller has set `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# A crashing child must end, not stop to draw a backtrace.
export SWIFT_BACKTRACE=enable=no

say() { printf '%s\n' "$*" >&2; }

# The toolchain is the one thing we do not install: it is 2 GB and the operator's choice where it lies.
need_toolchain() {
    if ! command -v swift >/dev/null 2>&1; then
        say "No Swift toolchain on PATH. Install Swift 6.2 or newer for this system from https://www.swift.org/install/linux/"
        say "and put its usr/bin on PATH; then run this command again."
        exit 69
    fi
}

# libsqlite3-dev and liblz4-dev: the two C libraries the store links.
need_libraries() {
    local missing=()
    for package in libsqlite3-dev liblz4-dev; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    local as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    say "installing ${missing[*]}"
    if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq "${missing[@]}"; } >/dev/null; then
        say "could not install ${missing[*]}: run 'apt-get install ${missing[*]}' as root, then this command again."
        exit 69
    fi
}

# One build serves the program and all tests: release, `package` access needs no -enable-testing.
build_all() {
    swift build -c release --build-tests --explicit-target-dependency-import-check error "$@"
}

build_program() {
    swift build -c release --product esep "$@"
}

esep_program() {
    printf '%s/esep' "$(swift build -c release --show-bin-path)"
}
