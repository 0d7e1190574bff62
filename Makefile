# What developers do here. `make` alone prints this list.
BIN := .venv/bin
# tests start hundreds of processes that import the same modules: let them be kept compiled
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-all fuzz lint format types front documents bench lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything for development into .venv
	python3 start.py setup

demo: ## load the demo packages into ./data and serve them
	python3 start.py demo --serve

serve: ## serve ./data
	python3 start.py serve

test: setup ## the fast tests (about a minute)
	$(BIN)/pytest -n 2 -m "not slow and not exhaustive"

test-all: ## every check and every test, as continuous integration runs them
	.ci/run

fuzz: setup ## the tests that draw their cases, with cases that were not drawn before and all that take long
	$(BIN)/pytest -n 2 --hypothesis-profile=fuzz -m "" $(shell grep -rlE 'hypothesis|exhaustive' tests --include='test_*.py')

lint: setup ## ruff, its formatter and the import contracts, without changing anything
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

format: setup ## let ruff mend and format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup ## mypy, strict
	$(BIN)/mypy

front: setup ## build what browsers load, after a change in frontend/
	python3 start.py setup

documents: setup ## write what in docs/ is made from the code
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/examples.py

bench: setup ## measure speed and memory (minutes; prints ratios)
	$(BIN)/python -m benchmarks

lock: ## compute requirements.lock and requirements-dev.lock anew from pyproject.toml
	python3 -m pip --python $(BIN)/python install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --upgrade --quiet --output-file requirements-dev.lock

clean: ## delete .venv and all caches; ./data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
