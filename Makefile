# Everything a developer does. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  %-14s %s\n", $$1, $$2}'

$(VENV)/.runtime: requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

WEB := services/curation-api/web
WEB_BUILT := services/curation-api/src/curation_api/web/shell.html
NPM = PATH="$$(tools/node_folder.sh $(VENV)):$$PATH" npm --prefix $(WEB) --silent

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json | $(VENV)/.runtime
	$(NPM) ci
	@touch $@

$(WEB_BUILT): $(WEB)/node_modules/.installed $(shell find $(WEB)/src $(WEB)/static $(WEB)/*.ts -type f)
	$(NPM) run build >/dev/null

.PHONY: web
web: $(WEB_BUILT) ## build the web UI into curation-api

.PHONY: web-types
web-types: $(VENV)/.development $(WEB)/node_modules/.installed ## write the UI's types anew from the API's OpenAPI document
	$(BIN)/python tools/openapi_document.py $(WEB)/openapi.json
	$(NPM) run types

.PHONY: web-check
web-check: web-types ## check types and format of the web UI, run its unit tests
	$(NPM) run check
	$(NPM) test

.PHONY: pictures
pictures: $(VENV)/.development $(WEB_BUILT) ## take the pictures of the README anew
	$(BIN)/pytest tests/browser/test_pictures.py --pictures docs/pictures $(ARGS)

.PHONY: setup
setup: $(VENV)/.development ## install everything for development into .venv

.PHONY: demo
demo: $(VENV)/.runtime $(WEB_BUILT) ## start everything, make ten finished images, show what happened
	@$(BIN)/carnival demo $(ARGS)

.PHONY: up
up: $(VENV)/.runtime $(WEB_BUILT) ## start everything on this machine until Ctrl-C
	@$(BIN)/carnival up $(ARGS)

.PHONY: test
test: $(VENV)/.development $(WEB_BUILT) ## run all tests
	$(BIN)/pytest $(ARGS)

.PHONY: unit
unit: $(VENV)/.development ## run the tests that need no server
	$(BIN)/pytest tests/unit $(ARGS)

.PHONY: fuzz
fuzz: $(VENV)/.development ## send 2,000 made-up requests, right and wrong ones, to each operation of the HTTP API; goes on where it was ended
	$(BIN)/python tools/fuzz.py $(ARGS)

.PHONY: check
check: format-check lint types imports house web-check unit ## all checks that need no server

.PHONY: format
format: $(VENV)/.development $(WEB)/node_modules/.installed ## rewrite the code in its one format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(NPM) run format

.PHONY: format-check
format-check: $(VENV)/.development
	$(BIN)/ruff format --check .

.PHONY: lint
lint: $(VENV)/.development ## look for mistakes
	$(BIN)/ruff check .

.PHONY: types
types: $(VENV)/.development ## check all types, strictly
	$(BIN)/basedpyright

.PHONY: imports
imports: $(VENV)/.development ## check who may import whom
	$(BIN)/lint-imports

.PHONY: house
house: $(VENV)/.development ## check the rules of the house (sizes, names, what must never be committed)
	$(BIN)/python tools/house_rules.py

.PHONY: docs
docs: $(VENV)/.development ## write what is written from the code: docs/events.md, docs/metrics.md, the table of docs/access.md, the users of the bus, alerts for Kubernetes
	$(BIN)/python tools/describe_events.py docs/events.md
	$(BIN)/python tools/describe_access.py docs/access.md
	$(BIN)/python tools/describe_metrics.py docs/metrics.md
	$(BIN)/python tools/describe_bus.py docs/bus.md
	$(BIN)/python tools/nats_users.py deploy/nats/users.conf
	$(BIN)/python tools/prometheus_rule.py deploy/k8s/telemetry/alerts.yaml

.PHONY: bench
bench: $(VENV)/.development ## run all benchmarks, one after the other; the end names those that missed a goal
	@missed=""; \
	for program in bench/[a-z]*.py; do echo "== $$program"; $(BIN)/python $$program || missed="$$missed $$program"; done; \
	if [ -n "$$missed" ]; then echo "== missed a goal, or failed:$$missed"; exit 1; fi

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: lock
lock: $(VENV)/.development ## compile all requirements files anew (hashes, no addresses)
	$(COMPILE) --group build --extra servers pyproject.toml -o requirements.txt
	$(COMPILE) --constraints requirements.txt pyproject.toml -o requirements-image.txt
	$(COMPILE) --constraints requirements.txt --group build -o requirements-build.txt
	$(COMPILE) --group web -o requirements-web.txt
	$(COMPILE) --group build --group dev --extra servers --extra parquet pyproject.toml -o requirements-dev.txt

.PHONY: down
down: ## end what `carnival up` started here
	@test ! -x $(BIN)/carnival || $(BIN)/carnival down

.PHONY: clean
clean: ## remove the environment, caches and local data
	rm -rf $(VENV) .carnival .pytest_cache .ruff_cache .import_linter_cache .hypothesis .fuzz
