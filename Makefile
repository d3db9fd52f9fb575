# Two commands on a fresh machine: `make run` and `make test`. Everything lives in .venv and CRATELAKE_HOME.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data/matching
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install run test test-fast lint types dev bench bench-matching bench-splink bench-truth bench-scale bench-fields bench-waterfall bench-replay bench-extract bench-dump bench-night bench-gold bench-harmonic docs gold-docs clean lock

install: $(VENV)/.installed  ## what everything needs, into .venv

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Cratelake needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	$(BIN)/python -m orchestration.prepare
	@touch $@

run: install  ## the main job on the embedded default
	$(BIN)/cratelake run

test: install lint types  ## everything; under 15 minutes on 2 cores
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-fast: install  ## under a minute
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests

types: install
	$(BIN)/mypy

dev: install  ## the Dagster UI on http://127.0.0.1:3000
	$(BIN)/cratelake dev

bench: install  ## 100,000 sandbox tracks, bronze to published gold, as a report
	$(BIN)/python -m benchmarks.spine

bench-matching: install  ## the matching bars on open data: make bench-matching DATA=DIR
	$(BIN)/python -m benchmarks.matching --data $(DATA)

bench-splink: install  ## match dedupe beside Splink 5, which gets an environment of its own: make bench-splink DATA=DIR
	$(BIN)/python -m benchmarks.against_splink --data $(DATA)

bench-truth: install  ## stores' keys and tempi against what people heard: make bench-truth
	$(BIN)/python -m benchmarks.human_truth --data ../shared/data/giantsteps_key

bench-scale: install  ## 1,000,000 records matched, then 10,000 more against them
	$(BIN)/python -m benchmarks.scale_matching

bench-fields: install  ## values of 50,000 sandbox tracks against their truth, and why the wrong ones are wrong
	$(BIN)/python -m benchmarks.field_truth

bench-waterfall: install  ## 1,000,000 tracks decided with every attempt, then one day's change, then explained: make bench-waterfall
	$(BIN)/python -m benchmarks.waterfall

bench-replay: install  ## one field of one day of 10,000 tracks, planned, applied and undone, in a lake of 1,000,000
	$(BIN)/python -m benchmarks.replay

bench-extract: install  ## 100,000 answers from the sandbox server into bronze, on one core
	$(BIN)/python -m benchmarks.extract

bench-dump: install  ## a generated Discogs dump into bronze, killed and resumed, beside a bare lxml loop over the same file
	$(BIN)/python -m benchmarks.dump

bench-night: install  ## 5,000 tracks asked about over HTTP, killed on the way, as the sandbox server counts it
	$(BIN)/python -m benchmarks.night
	$(BIN)/python -m benchmarks.night --trouble

bench-harmonic: install  ## harmonic recommendations of 1,000,000 generated tracks: time and memory of the model alone
	$(BIN)/python -m benchmarks.harmonic

bench-gold: install  ## 1,000,000 tracks and 20,000,000 recommendations: the published file beside PostgreSQL
	$(BIN)/python -m benchmarks.gold

docs: install  ## dbt's pages of all models, with what each column comes from, as one file
	$(BIN)/python -m orchestration.prepare
	$(BIN)/python -m orchestration.gold.site

gold-docs: install  ## docs/gold.md from what the marts say of themselves
	$(BIN)/python -m orchestration.prepare
	$(BIN)/python -m orchestration.gold.pages

lock: install  ## newest versions the pins allow, without index addresses
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --extra dev \
		pyproject.toml --output-file requirements.lock --upgrade

clean:  ## stop what runs, then remove what was built; the lake in CRATELAKE_HOME stays
	-[ -x $(BIN)/cratelake ] && $(BIN)/cratelake stop
	rm -rf $(VENV) .cache build *.egg-info dbt_project/target dbt_project/logs .pytest_cache .mypy_cache .ruff_cache .hypothesis
