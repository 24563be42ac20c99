# The front door. `make` says what there is.
SHELL := /bin/sh
.DEFAULT_GOAL := help
CARGO ?= cargo
SOCAI = target/debug/socai
PORT ?= 8080

# Packages with lock files of their own, which have to keep step with this one.
PEERS = tests/peers/crates tests/peers/mire tests/peers/ours

.PHONY: help run run-nats stack stack-test faults nats-versions fsync-trace test test-rust check tools check-deploy bench bench-peers build clean

help: ## what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' Makefile

build: ## the binary, as `make run` uses it
	$(CARGO) build --locked --package socai

run: build ## start everything in one process with the demonstration, on 127.0.0.1:8080 (PORT=…), data in data/
	$(SOCAI) run --demo --data data --listen 127.0.0.1:$(PORT)

run-nats: build ## the same as microservices: nats-server, PostgreSQL, one process a role; data in data-nats/
	deploy/tools/fetch-nats-server
	deploy/tools/install-postgres
	deploy/run-nats --socai $(SOCAI) --data data-nats --port $(PORT)

stack: build ## the full stack: three nats-servers, PostgreSQL, two processes a role behind one address; data in data-stack/
	deploy/tools/fetch-nats-server
	deploy/tools/install-postgres
	deploy/stack --socai $(SOCAI) --data data-stack --port $(PORT) $(if $(OTHER),--other-socai $(OTHER))

stack-test: tools ## the full stack while processes are killed and paused and connections cut; SOCAI_SEED=… for the same again
	$(CARGO) test --locked --package socai --test it -- stack:: permissions:: --nocapture

FAULTS = 1000

faults: tools ## the same for long, and disks become full, which needs the right to mount: FAULTS=1000 SEED=… OTHER=an older binary; see docs/reliability.md
	SOCAI_FAULTS=$(FAULTS) $(if $(SEED),SOCAI_SEED=$(SEED)) $(if $(OTHER),SOCAI_OTHER_BINARY=$(abspath $(OTHER))) $(CARGO) test --locked --package socai --test it -- stack:: --nocapture

OLDER = 2.10.26 2.11.11 2.12.8 2.14.6

nats-versions: ## the journal's laws on older versions of nats-server, with one replica and three
	@for version in $(OLDER); do \
		deploy/tools/fetch-nats-server $$version || exit 1; \
		SOCAI_NATS_SERVER=$(CURDIR)/.tools/nats-server-$$version/nats-server $(CARGO) test --locked --package journal --test it -- nats watchdog || exit 1; \
	done

fsync-trace: build ## what the disk had before an answer left, by a trace of system calls; needs strace
	python3 tests/durability/fsync_before_answer.py --socai $(SOCAI)
	deploy/tools/fetch-nats-server
	python3 tests/durability/fsync_before_answer.py --socai $(SOCAI) --nats

test: tools ## everything that CI runs
	$(CARGO) test --locked --workspace --no-run
	$(CARGO) test --locked --workspace

check: check-deploy ## formatting, lints, and the rules of this tree
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) test --locked --package socai-tests --test tidy
	@for package in $(PEERS); do $(CARGO) update --quiet --locked --workspace --manifest-path $$package/Cargo.toml || exit 1; done
	python3 tests/data/replay_2022/make_script.py --check
	python3 tests/data/replay_2025/make_script.py --check
	deploy/tools/buf-lint
	deploy/tools/asyncapi-check

check-deploy: ## the files of deploy/, by the tools of their kinds
	deploy/tools/fetch-deploy-tools
	deploy/tools/fetch-nats-server
	deploy/tools/check-deploy

tools: ## fetch what the tests need into .tools/, or say how to get it
	@for tool in deploy/tools/fetch-* deploy/tools/install-*; do $$tool || exit 1; done

bench: ## the figures of docs/performance.md
	$(CARGO) bench --locked --workspace

bench-peers: tools ## event stores of others beside ours; PARTS="sqlite postgres jetstream jetstream-fsync" for some of them
	@for package in $(PEERS); do \
		$(CARGO) build --locked --release --manifest-path $$package/Cargo.toml --target-dir target/peers || exit 1; \
	done
	python3 -m pip install --quiet --upgrade --target target/peers/release/python -r tests/peers/python/requirements.txt
	target/peers/release/table $(PARTS)

clean: ## remove what was built, and the demonstrations' data
	$(CARGO) clean
	rm -rf data data-nats data-stack
