# Two commands matter: `make demo` and `make test`. Each does all the set-up it needs.
PY := .venv/bin/python
READY := .venv/.ready
# A test file stays in one process, since its fixtures cost more than its tests; each process has a Chromium of its own.
PYTEST := $(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile

.PHONY: demo test test-full peer lint setup clean

demo: $(READY)  ## solve tasks, train on milestones, write runs/demo/report.html
	.venv/bin/webarena-gym demo --out runs/demo

test: $(READY)  ## every test at the size for a coffee break
	$(PY) -m ruff check .
	WEBARENA_GYM_PEER=.venv/peer $(PYTEST)

test-full: $(READY) .venv-peer/.ready  ## the same tests at the sizes the documentation names
	WEBARENA_GYM_PEER=.venv/peer WEBARENA_GYM_TEST_SIZE=full $(PYTEST) --timeout 7200 --durations 25

peer: .venv-peer/.ready  ## BrowserGym in an environment of its own, for webarena-gym bench peer

.venv-peer/.ready: $(READY) scripts/peer.sh scripts/peer-requirements.txt
	sh scripts/peer.sh
	touch $@

lint: $(READY)
	$(PY) -m ruff check . && $(PY) -m ruff format --check .

setup: $(READY)

$(READY): pyproject.toml constraints.txt scripts/setup.sh
	sh scripts/setup.sh
	touch $@

clean:
	rm -rf .venv .venv-peer runs build dist *.egg-info
