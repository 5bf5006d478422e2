# Everything runs in .venv, which is made on first use and renewed when pyproject.toml or constraints.txt change.
PYTHON ?= python3
SERVE ?= 1
SOLUTIONS ?= 1
BIN = .venv/bin/python

.PHONY: help ready book pdf slides demo pyodide test oldest lint check bench clean

help:
	@echo "make book    run every chapter, build the book, serve it on this machine (SERVE=0: only build;"
	@echo "             SOLUTIONS=0: an edition without solutions, in _build/without_solutions)"
	@echo "make pdf     the whole book as one PDF, in _build/qlearn.pdf (wants XeLaTeX, and says what to install;"
	@echo "             PAGES='communication/bb84 ...': these alone)"
	@echo "make slides  slides of six chapters, in _build/html/slides (make book makes them too)"
	@echo "make pyodide fetch the Python that checks answers in the pages (make book does; ARCHIVE=FILE: from Pyodide's release)"
	@echo "make demo    from pulses to a trained model, the whole way once (EVE=1: with her on the line; FOLDER=DIR)"
	@echo "make test    every test: units, properties, oracles, docstrings, exercises, chapters, the book in a browser"
	@echo "make oldest  the tests of the library, with the oldest versions of what it imports"
	@echo "make lint    ruff, mypy, import-linter, codespell, nbstripout"
	@echo "make check   lint and test"
	@echo "make bench   every stated bound, measured beside its peers (installs them apart)"
	@echo "make clean   remove what was built, and the environments"

book:
	@$(PYTHON) tools/environment.py book
	@$(BIN) tools/pyodide.py || true
	@$(BIN) tools/$(if $(filter-out 0,$(SOLUTIONS)),build_book.py,edition.py book) $(if $(filter-out 0,$(SERVE)),--serve)

pdf:
	@$(PYTHON) tools/environment.py book
	@$(BIN) tools/pdf.py $(PAGES)

slides:
	@$(PYTHON) tools/environment.py book
	@$(BIN) tools/slides.py

# Signals go to the program itself: it ends all that it started.
demo:
	@$(PYTHON) tools/environment.py book
	@exec $(BIN) -m qlearn demo $(if $(EVE),--eve $(EVE)) $(if $(FOLDER),--folder $(FOLDER))

# Without it the book is built all the same, and its exercises have no button.
pyodide:
	@$(PYTHON) tools/environment.py book
	@$(BIN) tools/pyodide.py $(if $(ARCHIVE),--archive $(ARCHIVE))

# What the tests stand on, a browser too, is seen to before anything runs.
ready:
	@$(PYTHON) tools/environment.py book test teach --browser
	@$(BIN) tools/pyodide.py || true

test: ready
	@$(BIN) -m pytest

# Old versions warn of new ones: warnings are no errors here.
oldest:
	@$(PYTHON) tools/environment.py --oldest
	@.venv-oldest/bin/python -m pytest -W default --ignore=tests/book qlearn tests

lint:
	@$(PYTHON) tools/environment.py book test
	@$(BIN) tools/lint.py

check: ready lint test

bench:
	@$(PYTHON) tools/environment.py book test
	@$(BIN) -m benchmarks

clean:
	rm -rf _build .pyodide .venv .venv-oldest .venv-peer-* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build qlearn.egg-info
