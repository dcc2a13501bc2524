# Thin: each target is one or two commands. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STAGE ?= demo
OUTPUTS ?= outputs.json
REPORT ?= build/report.json
SEEDS ?= 30000
CONTACTS ?= 16000
SEED ?= 1
EVENTS ?= 500
CDK := npx --yes aws-cdk@2.1148.1
UV := .tools/bin/uv
LOCKS := requirements-runtime.txt requirements-operator.txt requirements-parquet.txt requirements-dev.txt requirements-infra.txt

# The interpreter is the machine's own; uv is not to fetch another.
export UV_PYTHON_DOWNLOADS := never
# As pip does: behind a proxy that inspects TLS the machine's own certificates count, and no list of uv's.
export UV_SYSTEM_CERTS ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Bytecode of tests, whose assertions pytest rewrites, and of whatever they start is worth keeping: empty means so.
export PYTHONDONTWRITEBYTECODE :=
# jsii warns about every Node it was not tried with; the ones we need are named in the README.
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 18,20
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin:$(PATH)

# CDK's library starts it, so it is needed for every template: here, on the emulator, in an account.
OLDEST_NODE := 20
define NEEDS_NODE
command -v node >/dev/null || { echo "Node $(OLDEST_NODE) or newer is needed (22 or 24 is best; CDK's library starts it): install node and npm, then run make again."; exit 1; }; \
found="$$(node --version)"; major="$${found#v}"; major="$${major%%.*}"; \
[[ "$$major" =~ ^[0-9]+$$ && "$$major" -ge $(OLDEST_NODE) ]] || { echo "Node $(OLDEST_NODE) or newer is needed, and this one is $$found: install 22 or 24 of node and npm, then run make again."; exit 1; }
endef

.PHONY: node help setup demo up test check quick sim sim-year burst schemas css golden pictures build synth deploy lock

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: .venv/.ready .emulator/.ready ## Make the virtual environments from the hash-pinned locks; afterwards only what changed

# Asked for before anything is installed, and never a reason to install anything again.
node: ## Say whether Node is here and new enough; every set-up asks first
	@$(NEEDS_NODE)

.tools/.ready: requirements-tools.txt | node
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: install python3 with pip and venv."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V). Name another: make PYTHON=python3.13 ..."; exit 1; }
	@echo "set-up 1/3: uv, which installs the rest"
	@$(PYTHON) -m venv --clear .tools || { echo "This python3 cannot make virtual environments: install its venv module (on Debian: python3-venv)."; exit 1; }
	@.tools/bin/python -m pip install --quiet --require-hashes -r requirements-tools.txt
	@touch $@

.venv/.ready: .tools/.ready $(LOCKS) pyproject.toml | node
	@echo "set-up 2/3: the project's own virtual environment (about 570 MB, mostly CDK)"
	@[ -x .venv/bin/python ] || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes --python .venv/bin/python $(LOCKS)
	@$(UV) pip install --quiet --no-deps --python .venv/bin/python --editable .
	@touch $@

.emulator/.ready: .tools/.ready requirements-emulator.txt | node
	@echo "set-up 3/3: the emulator's virtual environment"
	@[ -x .emulator/bin/python ] || $(UV) venv --quiet --python $(PYTHON) .emulator
	@$(UV) pip sync --quiet --require-hashes --python .emulator/bin/python requirements-emulator.txt
	@touch $@

demo: setup ## Run the whole system on this machine and tell its story; ends by itself (REPORT=file)
	@mkdir -p $(dir $(REPORT))
	@mash demo --report $(REPORT)

up: setup ## Run the whole system on this machine until Ctrl-C; HISTORY=yes: with a made-up year for the console (OUTPUTS=file)
	@exec mash up --outputs $(OUTPUTS) $(if $(HISTORY),--history)

test: setup ## Everything that needs no account: lint, types, contracts, units, handlers, infra, the whole path
	@pytest -n 2 --cov --cov-fail-under=100

check: .venv/.ready ## Lint, format, types, import contracts and spelling alone
	@ruff check
	@ruff format --check
	@lint-imports
	@codespell
	@mypy

quick: .venv/.ready ## The inner loop: rules, contracts and the house, without sockets or tables; under a minute
	@pytest -n 2 -m "not slow" tests/unit tests/house

sim: .venv/.ready ## Play 30,000 seeds of the whole service with faults at every call, then every mutant (SEEDS=n)
	@python -m tests.simulation --seeds $(SEEDS)

sim-year: .venv/.ready ## Let a hub's year pass, 16,000 contacts to their ends: unaccounted 0, every clock once and on time (CONTACTS=n SEED=n)
	@python -m tests.simulation.year --contacts $(CONTACTS) --seed $(SEED)

burst: setup ## 500 events at once on the emulator, one endpoint hanging, one failing; three times (EVENTS=n)
	@python -m tests.whole.burst --events $(EVENTS)

schemas: .venv/.ready ## Publish the JSON Schemas again from the models
	@python -m schemas.publish

css: .venv/.ready ## Vendor GOV.UK Frontend's style sheet again, made fit for a council; read the diff before you commit it
	@mkdir -p build
	@npm pack --silent --pack-destination build govuk-frontend@6.6.0 >/dev/null
	@python -m infra.govuk_css build/govuk-frontend-6.6.0.tgz

golden: setup ## Write every golden again from what the system says now; read the diff before you commit it
	@python -m tests.adapters.drafts
	@GOLDEN=write pytest -q -p no:randomly tests/flows/test_goldens.py tests/infra/test_permissions.py

pictures: .venv/.ready ## Photograph the console over a simulated year again, for the README; needs Debian's chromium
	@python -m tests.console.pictures

build: setup ## Build the Lambda packages, for this machine and for Lambda, into build/
	@python -m infra.build

synth: setup ## Synthesise a stage's template into cdk.out; needs no account and no network (STAGE=demo)
	@mash synth --stage $(STAGE)

# The stage file decides, not what an earlier deployment was told: hence no previous parameters.
deploy: setup ## Deploy a stage to the account of your AWS credentials, and ask if mail will go (STAGE=demo)
	@mash synth --stage $(STAGE)
	@python -m infra.build deploy
	@$(CDK) deploy --all --no-previous-parameters --context stage=$(STAGE) --outputs-file build/deployed.json
	@mash ready --deployed build/deployed.json

COMPILE := $(UV) pip compile --quiet --universal --no-annotate --python-version 3.11 --custom-compile-command "make lock"

lock: .tools/.ready ## Write the locks again from pyproject.toml's dependency groups
	@mkdir -p build
	@$(COMPILE) --group runtime --group operator --group parquet --group dev --group infra -o build/together.txt >/dev/null
	@for group in runtime operator parquet dev infra; do \
	  $(COMPILE) --generate-hashes --group $$group --constraints build/together.txt -o requirements-$$group.txt >/dev/null; \
	done
	@for group in emulator tools; do \
	  $(COMPILE) --generate-hashes --group $$group -o requirements-$$group.txt >/dev/null; \
	done
