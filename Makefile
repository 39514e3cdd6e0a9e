# The project's two commands: `make demo` and `make test`. Both work on a fresh machine with Python 3.11+.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
CORPUS ?= ../shared/corpus

SUDO = $(shell [ "$$(id -u)" = 0 ] || echo sudo --non-interactive)

.PHONY: demo test install browser format lint types unit lowest bench bench-gate bench-speed clean

demo: install ## install, ingest the samples, show the result
	rm -rf demo-out
	$(BIN)/ingest run samples --out demo-out
	$(BIN)/ingest show demo-out --limit 10
	$(BIN)/ingest clean samples/jpost.com/2017-reader-plea/page.txt --explain

test: install lint types unit bench-gate ## install and check everything

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[object-store,ray]' --group dev
	touch $@

browser: ## for the tests of the report and the review page; Debian's package
	@command -v chromium > /dev/null || $(SUDO) apt-get install --quiet --yes chromium > /dev/null \
	|| ($(SUDO) apt-get update --quiet > /dev/null && $(SUDO) apt-get install --quiet --yes chromium > /dev/null) \
	|| echo "browser: chromium is not there and cannot be installed; its tests are skipped"

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ingest rules lint

types: install
	$(BIN)/mypy

unit: install browser
	$(BIN)/pytest -n 2 --dist loadfile

lowest: browser ## the tests with the oldest version of each library that pyproject.toml allows
	$(PYTHON) -m venv --clear $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet --upgrade pip
	sed -n '/^dependencies/,/^]/s/^ *"\(.*\)>=\(.*\)".*/\1==\2/p' pyproject.toml > $(VENV)-lowest/oldest.txt
	$(VENV)-lowest/bin/python -m pip install --quiet --editable '.[object-store,ray]' --group dev \
	--constraint $(VENV)-lowest/oldest.txt
	$(VENV)-lowest/bin/pytest -n 2 --dist loadfile

bench-gate: install ## scores may not sink; skipped, and said so, where the corpus is not there
	@if [ -d "$(CORPUS)" ]; then $(BIN)/python -m benchmarks.gate --corpus "$(CORPUS)" --jobs 2; \
	else echo "bench-gate: skipped, no corpus at $(CORPUS)"; fi

bench: install ## scores of every dataset of the corpus, with trafilatura beside them
	$(BIN)/python -m benchmarks.quality --corpus "$(CORPUS)" --peer trafilatura --jobs 2

bench-speed: install ## CPU ms a page by stage, and ratios to the parser and to trafilatura
	$(BIN)/python -m benchmarks.speed --corpus "$(CORPUS)"

clean:
	rm -rf $(VENV) $(VENV)-lowest demo-out build dist
