# Two commands do all the set-up: `make demo` and `make test`. Everything else is for contributors.
# Windows has no make: the commands behind each target are plain `uv` commands.

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen --no-sync

.DEFAULT_GOAL := help
.PHONY: help setup demo up test contracts nightly lint types imports deps check bench-handoff bench-inbox bench-extraction bench-saas bench-deadlines bench-reconcile bench-world bench-web simulate-year train clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 18

.tools/bin/uv:
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv

setup: $(if $(filter .tools/bin/uv,$(UV)),.tools/bin/uv) ## Install exactly what uv.lock says
	$(UV) sync --frozen --quiet

demo: setup ## Run the whole story on sample contracts (ONCE=1: check everything and stop)
	$(RUN) aftersign demo $(if $(filter-out 0,$(ONCE)),--once)

up: setup ## Run everything for one machine from the environment
	$(RUN) aftersign up

# Both processes must collect the tests in the same order, also those that are made from sets.
test: setup ## Run the tests, two at a time
	PYTHONHASHSEED=0 $(RUN) pytest -n 2

contracts: setup ## Prove every connector against its vendor's own contract
	$(RUN) pytest -q tests/contracts tests/connectors/test_signing.py --contracts-report

nightly: setup ## Run the slow proofs: kill -9 and Retry in every combination, 200,000 forged webhooks
	$(RUN) pytest -m nightly --timeout 3600

lint: setup ## Check style
	$(RUN) ruff check .

types: setup ## Check types
	$(RUN) mypy

imports: setup ## Check which room imports which
	$(RUN) lint-imports

deps: setup ## Check declared dependencies
	$(RUN) deptry .

check: lint types imports deps ## Everything but the tests

bench-handoff: setup ## Latency, throughput, overhead and memory of handoffs
	$(RUN) python -m bench.handoff

bench-inbox: setup ## Durable webhooks per second
	$(RUN) python -m bench.inbox

bench-extraction: setup ## Terms read rightly, against CUAD's annotations (needs the data)
	OMP_NUM_THREADS=1 $(RUN) python -m bench.extraction

bench-saas: setup ## Terms of made-up SaaS contracts in unseen phrasings
	$(RUN) python -m bench.saas --bank unseen

simulate-year: setup ## 2,000 contracts through a year of leavers, outages and late amendments
	$(RUN) python -m bench.year

bench-deadlines: setup ## Plan the alerts of 100,000 contracts
	$(RUN) python -m bench.deadlines

bench-reconcile: setup ## Screen millions of invoice lines beside DuckDB and pandas
	$(RUN) python -m bench.reconcile

bench-world: setup ## Plant every fault in made-up invoices and judge what is found
	$(RUN) python -m bench.world --seed 9 --contracts 110

bench-web: setup ## Pages and search over 10,000 contracts, on SQLite and PostgreSQL
	$(RUN) python -m bench.web

train: setup ## Train the second reader anew (needs the data)
	OMP_NUM_THREADS=1 $(RUN) python -m bench.training

clean: ## Remove what the tools left (your data in .aftersign stays)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis
