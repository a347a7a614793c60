# `make validate` and `make test` need Python >= 3.11, git and make; everything else they get themselves.
PYTHON ?= python3
BIN := .venv/bin
BOT := $(BIN)/python -m bot

.PHONY: validate test lint types docs bench sync sync-write lock clean

# What `make validate` reads and how it reports; the workflow sets these.
ROOT ?= .
SINCE ?=
REPORT ?=

validate: .venv/ready  ## get promtool, validate lists/
	$(BOT) setup
	$(BOT) validate --strict --root $(ROOT) $(if $(SINCE),--changed-since $(SINCE)) $(addprefix --report ,$(REPORT))

test: .venv/ready  ## every test, on all cores
	$(BOT) setup
	$(BIN)/python -m tests.tools.parts
	$(BIN)/pytest

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/zizmor --offline --quiet .github/workflows

types: .venv/ready
	$(BIN)/mypy
	$(BIN)/mypy lists/*/example

SHARD ?=
IMAGES ?=
SURVEYS ?=

sync: .venv/ready  ## what upstream released, and which pull requests that makes; writes nothing, needs no token
	$(BOT) sync --dry-run --root $(ROOT) $(if $(SHARD),--shard $(SHARD)) $(if $(IMAGES),--images) $(addprefix --report ,$(REPORT))

sync-write: .venv/ready  ## opens and moves the pull requests that surveys worked out; needs GITHUB_TOKEN
	$(if $(wildcard $(SURVEYS)),,$(error no surveys: name the files that make sync REPORT=json=FILE wrote as SURVEYS))
	$(BOT) sync --root $(ROOT) $(addprefix --from ,$(wildcard $(SURVEYS))) $(addprefix --report ,$(REPORT))

docs: .venv/ready  ## rewrite the pages that are generated from code
	$(BOT) checks --markdown > docs/checks.md

bench: .venv/ready  ## a generated catalog of 1,000 entries: validation against promtool alone, a sync against nvchecker
	$(BOT) setup
	$(BIN)/python -m tests.tools.bench
	$(BIN)/python -m tests.tools.bench_sync

lock:  ## rewrite the lock files from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.txt

.venv/ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv
