# Everything is done by one of these; `make help` lists them.
# Another Python: make test PYTHON=python3.13. Some tests: make test ARGS="tests/test_dose.py"

PYTHON ?= python3
VENV   := $(if $(filter python3,$(PYTHON)),.venv,.venv-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'))
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
WORKERS ?= auto
CORE   := src/ldn_titrate/*.py,src/ldn_titrate/documents/*,src/ldn_titrate/library/*,src/ldn_titrate/progress_document/*,src/ldn_titrate/review/*,src/ldn_titrate/screening/*,src/ldn_titrate/topical/*,src/ldn_titrate/export/t*.py,src/ldn_titrate/export/calendar.py

.DEFAULT_GOAL := help
.PHONY: help demo pages test check lint types imports coverage docs bench wheel fix clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@echo "== making $(VENV) with $(PYTHON) and installing what the project needs"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## make a real plan and its files in demo/
	@echo "== a plan for an invented patient, and all that is derived from it, in demo/"
	@$(BIN)/python examples/demo.py demo

pages: $(READY) ## draw every document of many plans in demo/pages/, to look at
	@echo "== the printed pages of many plans, in demo/pages/"
	@$(BIN)/python tests/contact_sheet.py $(ARGS)

test: $(READY) ## run the tests
	@echo "== running the tests with $(PYTHON)"
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal --cov --cov-report= $(ARGS)

check: lint types imports test coverage docs wheel ## everything that must hold before a commit

lint: $(READY)
	@echo "== format and lint"
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY)
	@echo "== types"
	@$(BIN)/mypy

imports: $(READY)
	@echo "== which room may import which"
	@$(BIN)/lint-imports --no-logo

coverage: $(READY) # of the last test run
	@echo "== the branches that the tests reached"
	@$(BIN)/coverage report --include='$(CORE)' --fail-under=100
	@$(BIN)/coverage report --fail-under=97

docs: $(READY) ## build the documentation into site/
	@echo "== documentation"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

wheel: $(READY) ## build the wheel and try it alone in a clean environment
	@echo "== the wheel, alone"
	@$(BIN)/python tests/try_wheel.py

bench: $(READY) ## measure against other libraries
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	@$(BIN)/python -m benchmarks

fix: $(READY) ## format, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove what was made
	rm -rf .venv* build dist demo site .judges .coverage .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
