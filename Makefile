SHELL := /bin/bash
BIN := .venv/bin
WORKERS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is missing: PostgreSQL, its extensions, a .venv with slapg
	@scripts/setup

demo: setup ## Replay a real incident log and show what a service-desk manager sees
	@$(BIN)/slapg demo $(ARGS)

test: setup ## Run every test on a real PostgreSQL (ARGS='-k pause' to choose)
	@$(BIN)/pytest --numprocesses=$(WORKERS) $(ARGS)

lint: setup ## Check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: setup ## Measure against written-down peers
	@$(BIN)/python -m bench $(ARGS)
