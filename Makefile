# Two commands for a person: `make run` and `make test`. What they need is set up on the way, from a fresh clone with
# nothing but Python 3.11 or newer.
# The first Python that is new enough.
PY ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
# What the type checker reads: the packages that are there.
TYPED := $(wildcard app contacts pipelines knowledge cards orders automation channels assist reports imports portal demo \
	bench scripts wsgi.py)
SETUP := $(VENV)/.set-up-$(shell cksum requirements.txt | cut -d' ' -f1)

# Compiled modules make a start twice as fast; kept here they stay out of the tree.
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help set-up run test test-long check lint format types migrations catalogue translations assets browser screenshots \
	bench js clean

help:
	@echo "make run         start Kariz on http://127.0.0.1:8000 (PORT, HOST, INSTANCE_DIR)"
	@echo "make test        all tests, on SQLite and on PostgreSQL with Redis; make test T='-k outbox' for some"
	@echo "make test-long   the tests that take minutes"
	@echo "make check       style, types, translations, migrations, then make test"
	@echo "make format      let ruff put files into shape"
	@echo "make assets      bundle the browser code;  make browser  find or install a browser for the tests"
	@echo "make bench       measure how fast Kariz is here, into docs/bench.md (ARGS='--cards 20000' for a smaller database)"
	@echo "make screenshots take the pictures of docs/screenshots anew from the demo"

set-up: $(SETUP) catalogue

run: $(SETUP) assets catalogue
	@exec $(BIN)/python -m app.server

test: $(SETUP) assets catalogue browser
	@$(BIN)/python scripts/run_tests.py $(T)

test-long: $(SETUP) assets catalogue browser
	@$(BIN)/python scripts/run_tests.py --long $(T)

check: lint types translations migrations
	@$(MAKE) --no-print-directory test

lint: $(SETUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(SETUP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(SETUP)
	$(BIN)/mypy $(TYPED)

translations: $(SETUP)
	@$(BIN)/python scripts/check_catalogue.py

migrations: $(SETUP) catalogue
	@$(BIN)/python scripts/check_migrations.py

catalogue: $(SETUP)
	@$(BIN)/python scripts/compile_catalogue.py

assets: $(SETUP)
	@$(BIN)/python scripts/assets.py

screenshots: $(SETUP) assets catalogue browser
	@$(BIN)/python scripts/screenshots.py

bench: $(SETUP) assets catalogue
	@$(BIN)/python -m bench $(ARGS)

browser: $(SETUP)
	@$(BIN)/python scripts/get_browser.py

js: $(SETUP)
	@$(BIN)/python scripts/run_tests.py --only js

clean:
	rm -rf static/dist assets/node_modules .mypy_cache .ruff_cache .pytest_cache

$(SETUP): requirements.txt
	@test -n "$(PY)" || { echo 'Kariz needs Python 3.11 or newer; install it, or name it: make PY=/path/to/python3'; exit 1; }
	@$(PY) scripts/set_up.py $(VENV) $@
