# Two commands do all the set-up: make study, make test. All that is assumed is python3 >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= glassnet-study

.PHONY: help study test lint benchmark clean

help:  ## Say what can be made.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

study: $(VENV)/.installed  ## Run the study of scikit-learn's digits and write its report.
	$(BIN)/glassnet study --out $(OUT)

test: $(VENV)/.installed lint  ## Check style and types, and run the tests.
	$(BIN)/python -m pytest -n 2 -q

lint: $(VENV)/.installed  ## Check style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

benchmark: $(VENV)/.installed  ## Time glassnet beside scikit-learn.
	$(BIN)/python benchmarks/speed.py

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "glassnet needs Python 3.11 or newer; $$($(PYTHON) --version) is here." \
	       "Name another one: make PYTHON=python3.12 study"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

clean:  ## Remove what was made.
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .hypothesis
