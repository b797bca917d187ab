# Every target makes and re-uses .venv; `make PYTHON=/path/to/python run` chooses the interpreter.
# Plain POSIX make, so that GNU make 3.81 (macOS) and BSD make read it too.

VENV = .venv
BIN = $(VENV)/bin
BENCH_VENV = .venv-bench
BENCH_ARGS =
PYTHON =
RUN_PACKAGES = funcy inflection semver
RUN_ARGS = --policy oracle --episodes 16 --concurrency 8 --set 'packages=["funcy", "inflection", "semver"]'

.PHONY: help run test test-slow lint format bench docs clean

help:
	@echo "make run        install into $(VENV), fetch three packages, and repair 16 bugs in them, in a sandbox"
	@echo "make test       lint and the quick tests: the command before a push"
	@echo "make test-slow  the long batteries as well"
	@echo "make lint       ruff, mypy, and the import contracts"
	@echo "make format     let ruff rewrite what it can"
	@echo "make bench      all benchmarks beside their peers, into benchmarks/results; BENCH_ARGS=\"vector --quick\" for some"
	@echo "make docs       write docs/environments.md anew from the registry"
	@echo "make clean      remove $(VENV), $(BENCH_VENV) and everything built"

run: $(VENV)/.sandbox
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/textgym bank fetch $(RUN_PACKAGES)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/textgym run textgym/CodeFix-v0 $(RUN_ARGS)

test: lint
	$(BIN)/pytest -m "not slow" -n auto --dist loadfile

test-slow: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCH_VENV)/.installed
	$(BENCH_VENV)/bin/python benchmarks/run_all.py $(BENCH_ARGS)

docs: $(VENV)/.installed-dev
	$(BIN)/python docs/generate_environments.py

clean:
	rm -rf $(VENV) $(BENCH_VENV) build dist src/*.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	find src envs tests benchmarks docs examples -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# A stamp says which pyproject.toml the venv was installed from. The venv's own python is a link: when the interpreter
# behind it is gone, make sees no file and builds the venv anew.

$(BIN)/python:
	@python=''; recent=''; \
	for candidate in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    recent="$$candidate"; \
	    if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python="$$candidate"; break; fi; \
	  fi; \
	done; \
	if [ -n "$$python" ]; then exec "$$python" -m venv --clear $(VENV); fi; \
	if [ -n "$$recent" ]; then \
	  echo "$$recent has no venv module. Debian, Ubuntu: sudo apt-get install python3-venv" >&2; \
	else \
	  echo "textgym needs Python 3.11 or newer, and none was found." >&2; \
	  echo "Debian, Ubuntu: sudo apt-get install python3 python3-venv    macOS: brew install python" >&2; \
	fi; \
	exit 1

$(VENV)/.installed: pyproject.toml $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(VENV)/.installed $@

# A sandbox for the code environments: a Docker engine or bubblewrap where there is one, else bubblewrap in the venv.
$(VENV)/.sandbox: $(VENV)/.installed
	@$(BIN)/textgym sandbox status >/dev/null 2>&1 || sh scripts/get_bubblewrap.sh $(VENV) && \
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/textgym sandbox status >/dev/null || $(BIN)/textgym sandbox status
	@touch $@

# The peers that the benchmarks compare with pull in a great deal, and so they get an environment of their own.
$(BENCH_VENV)/.installed: pyproject.toml benchmarks/peers.txt $(BIN)/python
	$(BIN)/python -m venv --clear $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[text-metrics]' -r benchmarks/peers.txt
	@touch $@
