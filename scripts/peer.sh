#!/bin/sh
# Make .venv-peer with BrowserGym, unmodified, for `webarena-gym bench peer`. Run by the Makefile; safe to run again.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "webarena-gym peer: $*"; }

if [ ! -x .venv-peer/bin/python ] || ! .venv-peer/bin/python -m pip --version >/dev/null 2>&1; then
    say "making .venv-peer"
    rm -rf .venv-peer
    .venv/bin/python -m venv .venv-peer
fi
say "installing BrowserGym (a few minutes the first time)"
.venv-peer/bin/python -m pip install --quiet --disable-pip-version-check --requirement scripts/peer-requirements.txt

# On import BrowserGym downloads NLTK's trained sentence splitter unless it is there. It only matters for where answers of
# several sentences are cut, so an untrained one, which is four empty files, stands in: nothing is fetched.
splitter=.venv-peer/nltk_data/tokenizers/punkt_tab/english
if [ ! -d "$splitter" ]; then
    mkdir -p "$splitter"
    for name in collocations.tab sent_starters.txt abbrev_types.txt ortho_context.tab; do : >"$splitter/$name"; done
fi
.venv-peer/bin/python -c 'import nltk
from nltk.tokenize import word_tokenize
nltk.data.find("tokenizers/punkt_tab")
assert word_tokenize("There are 2.") == ["There", "are", "2", "."]'
say "ready"
