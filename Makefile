# Two commands do all the set-up: make study, make test. All that is assumed is python3 >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= glassnet-study
# Sanitizers know neither other processes nor Python's own threads, and end where memory is short.
PLAIN_TESTS := not fork and not joblib and not ctrl and not instruction_set and not any_shape and not python_threads \
  and not without_memory
SANITIZED_TESTS ?= tests/training/test_engine.py tests/training/test_judging.py tests/training/test_prediction.py \
  tests/training/test_finite.py tests/training/test_native.py \
  -k "(native or finite or many_zeros) and $(PLAIN_TESTS)"

DOCS_SITE := build/docs-site
BROWSER_SITE := build/browser-site
SHAP_SITE := build/shap-site

CORE := CMakeLists.txt $(shell find core -type f 2>/dev/null)
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help study test lint docs browser shap benchmark sanitize sanitize-address sanitize-thread \
  test-without-compiler clean

help:  ## Say what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

study: $(VENV)/.installed  ## Run the study of scikit-learn's digits and write its report.
	$(BIN)/glassnet study --out $(OUT)

test: $(VENV)/.installed lint  ## Check style and types, and run the tests.
	$(BIN)/python -m pytest -n 2 -q

lint: $(VENV)/.installed  ## Check style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What only Sphinx needs lies beside the environment, not in it: make test installs none of it. All is
# built anew: a page that Sphinx remembers would not be warned of again.
docs: $(VENV)/.installed $(DOCS_SITE)/.installed  ## Build the documentation into build/docs.
	rm -rf docs/generated docs/gallery build/docs
	PYTHONPATH=$(DOCS_SITE) MPLBACKEND=agg $(BIN)/python -m sphinx -W --keep-going -q -E \
	  -b html -d build/docs-doctrees docs build/docs
	@echo "Read it: build/docs/index.html"

$(DOCS_SITE)/.installed: requirements-docs.lock | $(VENV)/.locked
	rm -rf $(DOCS_SITE)
	$(PIP) install --no-deps --target $(DOCS_SITE) -r requirements-docs.lock
	@touch $@

# The tests of the page need Playwright, which brings a driver of a hundred megabytes: beside the
# environment too. The browser is the system's: apt-get install chromium.
browser: $(VENV)/.installed $(BROWSER_SITE)/.installed  ## Test the report in a browser (Chromium).
	$(BIN)/python -m pytest -q tests/browser

$(BROWSER_SITE)/.installed: requirements-browser.lock | $(VENV)/.locked
	rm -rf $(BROWSER_SITE)
	$(PIP) install --no-deps --target $(BROWSER_SITE) -r requirements-browser.lock
	@touch $@

# SHAP brings a compiler of two hundred megabytes, for one test: beside the environment as well.
shap: $(VENV)/.installed $(SHAP_SITE)/.installed  ## Test that SHAP explains our estimators.
	$(BIN)/python -m pytest -q tests/estimators/test_ecosystem.py -k shap

$(SHAP_SITE)/.installed: requirements-shap.lock | $(VENV)/.locked
	rm -rf $(SHAP_SITE)
	$(PIP) install --no-deps --target $(SHAP_SITE) -r requirements-shap.lock
	@touch $@

benchmark: $(VENV)/.installed  ## Time glassnet beside scikit-learn.
	$(BIN)/python benchmarks/speed.py --rounds 3

sanitize: sanitize-address sanitize-thread  ## Run the native engine's tests under GCC's sanitizers.

# The engine is built a second time, below build/, and taken from there: -S keeps the installed one
# out. Python itself is not built so; its leaks are not ours, and the runtime must be there before
# it. libstdc++ comes along, since the runtime looks for its exceptions when it starts.
sanitize-address: SANITIZERS := address,undefined
sanitize-address: RUNTIME := asan
sanitize-thread: SANITIZERS := thread
sanitize-thread: RUNTIME := tsan
sanitize-address sanitize-thread: $(VENV)/.installed
	CXX=g++ $(PIP) install --no-deps --no-build-isolation --upgrade --target build/$@/site \
	  --config-settings=build-dir=build/$@/cmake --config-settings=cmake.build-type=RelWithDebInfo \
	  --config-settings=cmake.define.GLASSNET_NATIVE=on \
	  --config-settings=cmake.define.GLASSNET_SANITIZE=$(SANITIZERS) .
	LD_PRELOAD="$$(g++ -print-file-name=lib$(RUNTIME).so) $$(g++ -print-file-name=libstdc++.so)" \
	ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	TSAN_OPTIONS=halt_on_error=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
	PYTHONPATH=build/$@/site:$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
	  $(BIN)/python -S -m pytest -q --capture=sys $(SANITIZED_TESTS)

test-without-compiler:  ## Install where no compiler is found, and train there all the same.
	PYTHON=$(PYTHON) .ci/without-compiler

$(VENV)/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "glassnet needs Python 3.11 or newer; $$($(PYTHON) --version) is here." \
	       "Name another one: make PYTHON=python3.12 study"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml $(CORE)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

clean:  ## Remove what was made.
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .hypothesis
