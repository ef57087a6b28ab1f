# Everything that is done with Newsroom by hand. Assumes Python 3.11+ and make, nothing else.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
NEWSROOM_DATA ?= var
export PORT NEWSROOM_DATA

# Stamps say what was installed: while a lock stays as it is, nothing asks the network again.
UV_STAMP := $(VENV)/.installed-uv
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help install run dev test check bench bench-scale lock

help: ## Say what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 13

install: $(RUN_STAMP) ## Install what serving needs, without serving

run: $(RUN_STAMP) ## Serve the newsroom (PORT=8000, NEWSROOM_DATA=var, NEWSROOM_EMPTY=1)
	@exec $(BIN)/python manage.py serve --ends-with $$PPID

dev: $(DEV_STAMP) ## Serve with DEBUG and reload on change
	@DEBUG=1 exec $(BIN)/python manage.py serve --dev --ends-with $$PPID

test: $(DEV_STAMP) ## Run the whole suite, on SQLite and then on PostgreSQL
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/run $(ARGS)

check: $(DEV_STAMP) ## Linters, types, layers, migrations, deployment checks
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/check

bench: $(DEV_STAMP) ## Measure the site on this machine; a report in var/bench (ARGS=pages takes one part)
	@NEWSROOM_MODE=test $(BIN)/python -m tests.bench $(ARGS)

# The report that is filled up: the newest of `make bench`, if there is one.
REPORT = $(or $(lastword $(sort $(wildcard var/bench/2*.json))),var/bench/scale.json)

bench-scale: $(DEV_STAMP) ## Measure a million stories, attack, reload and overload; takes hours, goes on where it stopped
	@NEWSROOM_MODE=test $(BIN)/python -m tests.bench overload reload fire --full --into $(REPORT)
	@$(BIN)/python -m tests.bench.scale --into $(REPORT) $(ARGS)

lock: $(UV_STAMP) ## Write both locks anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK_OPTIONS) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK_OPTIONS) -c requirements.lock --group dev pyproject.toml -o requirements-dev.lock

# Universal, with hashes, and without the address of any index.
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	--custom-compile-command "make lock" --no-annotate --no-emit-index-url --no-emit-find-links

# uv is pinned in the development lock; pip, which comes with Python, installs that one line of it.
$(UV_STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Newsroom needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^[^ ]/ { keep = /^uv==/ } keep' requirements-dev.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@touch $@

# Where pip is set up for a mirror of its own that uv does not know, pip does the work.
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $< \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<

$(RUN_STAMP): requirements.lock | $(UV_STAMP)
	@echo "Installing what Newsroom needs …"
	@$(INSTALL)
	@touch $@

$(DEV_STAMP): requirements-dev.lock | $(UV_STAMP)
	@echo "Installing what Newsroom and its tests need …"
	@$(INSTALL)
	@touch $@ $(RUN_STAMP)
