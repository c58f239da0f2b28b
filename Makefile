# make demo, make test: everything a fresh machine needs, from Python, make and a package index.

PYTHON ?= python3
VENV ?= .venv
CORES ?= all
GPU ?= 1
# An index to look for torch in first, such as PyTorch's own for builds without CUDA.
TORCH_INDEX ?=
# As many processes as cores, each test file in one of them.
PYTEST_ARGS ?= --numprocesses logical --dist loadfile
BENCH_ARGS ?=

BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev
SNAKEMAKE := $(BIN)/snakemake --cores $(CORES) --resources gpu=$(GPU)
DEMO := --configfile config/demo.yaml
BENCH := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=workflow/scripts $(BIN)/python
PYTHON_FILES := workflow tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo report findings assign test test-all test-portable test-slurm bench-features bench-training bench-end-to-end bench-growth bench-near-duplicates bench coverage lint format lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "  make %-16s %s\n", $$1, $$2 }'

setup: $(READY) ## make the virtual environment .venv from requirements.txt

# The check speaks any Python, because it must answer on the wrong one too.
$(READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1 || true): install one and call make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv support: install it (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/pip install --no-deps --index-url $(TORCH_INDEX) $$(grep '^torch==' requirements.txt))
	$(BIN)/pip install -r requirements.txt
	@touch $@

setup-dev: $(READY_DEV) ## add what tests, benchmarks and checks of style need

$(READY_DEV): requirements-dev.txt $(READY)
	$(BIN)/pip install -r requirements-dev.txt
	@touch $@

demo: $(READY) ## run the whole workflow on the embedded corpus
	$(SNAKEMAKE) $(DEMO)
	@$(MAKE) --no-print-directory report RUN=demo CONFIG=config/demo.yaml
	@echo
	@echo "Table 2   results/demo/tables/table2.md"
	@echo "Figures   results/demo/figures/umap_panel.png, reconstructions.png, genre_distribution.png"
	@echo "Explorer  results/demo/explorer/index.html"
	@echo "Report    results/demo/report.html"

RUN ?= paper
CONFIG ?= config/config.yaml
REPORT = results/$(RUN)/report.html
# No target makes the comparison with librosa but its own; the report has it where it is made.
CHECKED = $(if $(wildcard results/$(RUN)/tables/check_features.html),all check_features)
report: $(READY) ## write results/RUN/report.html (RUN=demo CONFIG=config/demo.yaml)
	@if [ ! -e $(REPORT) ] || [ -n "$$(find results/$(RUN) -type f -newer $(REPORT) | head -n 1)" ]; then \
	  PYTHONWARNINGS=ignore::RuntimeWarning $(BIN)/snakemake $(CHECKED) --configfile $(CONFIG) --report $(REPORT); fi

RUNS ?= demo
findings: $(READY) ## write docs/findings.md from finished runs (RUNS="demo beyond")
	$(BIN)/snakemake results/findings/findings.md --cores 1 --config run=findings "findings=[$$(echo $(RUNS) | tr ' ' ,)]"
	cp results/findings/findings.md docs/findings.md

# The run's own configuration, unless another is named; paths reach the shell as they are.
NAME ?= new
UPDATE ?=
EXPLORER ?=
AFTER ?=
LANGUAGE ?=
export AUDIO NAME LANGUAGE UPDATE AFTER EXPLORER
define ASSIGN
import json, os
given = {name: bool(os.environ[name.upper()]) for name in ("update", "explorer")}
given |= {name: os.environ[name.upper()] for name in ("name", "language", "after")}
given["path"] = os.environ["AUDIO"]
print("assign=" + json.dumps({name: value for name, value in given.items() if value != ""}))
endef
export ASSIGN
MADE_BY = $(if $(filter file,$(origin CONFIG)),results/$(RUN)/config.yaml,$(CONFIG))
assign: $(READY) ## place new songs in a run (AUDIO=/music/new RUN=demo; UPDATE=1 moves centroids)
	@test -n "$$AUDIO" || { echo "Say where the new songs are: make assign AUDIO=/music/new RUN=$(RUN)"; exit 1; }
	@test -e $(MADE_BY) || { echo "There is no $(MADE_BY): RUN names a run that is done, such as RUN=demo after make demo"; exit 1; }
	$(BIN)/snakemake assign --cores $(CORES) --configfile $(MADE_BY) --config "$$($(BIN)/python -c "$$ASSIGN")"

# One thread for each process, or they wait for each other.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest
test: $(READY_DEV) ## run the tests, except those that take minutes
	$(PYTEST) -m "not long" $(PYTEST_ARGS)

test-all: $(READY_DEV) ## run all tests
	$(PYTEST) $(PYTEST_ARGS)

# Kernels of other processors, by what /proc/cpuinfo calls the instructions that they need: another
# order of sums changes last digits, which learning magnifies. One and two threads in turn.
KERNELS := sse4_2 avx2 avx512f native
sse4_2 := OMP_NUM_THREADS=1 ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE \
  ONEDNN_MAX_CPU_ISA=SSE41 OPENBLAS_CORETYPE=Nehalem \
  NPY_DISABLE_CPU_FEATURES="X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
avx2 := OMP_NUM_THREADS=2 ATEN_CPU_CAPABILITY=avx2 MKL_CBWR=AVX2 ONEDNN_MAX_CPU_ISA=AVX2 \
  OPENBLAS_CORETYPE=Haswell NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"
avx512f := OMP_NUM_THREADS=1 ATEN_CPU_CAPABILITY=avx512 OPENBLAS_CORETYPE=SkylakeX
native := OMP_NUM_THREADS=2
test-portable: $(READY_DEV) $(KERNELS:%=test-with-%) ## run numerical tests with the kernels of other processors

.PHONY: $(KERNELS:%=test-with-%)
$(KERNELS:%=test-with-%): test-with-%: $(READY_DEV)
	@if [ $* != native ] && ! grep -qw $* /proc/cpuinfo; then \
	  echo "Skipped the kernels of $*: this processor has no such instructions"; \
	else \
	  echo 'Kernels of $*: $($*)'; \
	  env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE -u OPENBLAS_NUM_THREADS \
	    OMP_WAIT_POLICY=passive $($*) \
	    $(BIN)/python -m pytest -m "numerical and not long" $(PYTEST_ARGS); \
	fi

# Apart from the rest, because every call of snakemake imports all the plugins that it finds.
PLUGIN := $(abspath $(VENV))/slurm
$(PLUGIN)/ready: requirements-slurm.txt $(READY_DEV)
	$(BIN)/pip install --no-deps --upgrade --target $(PLUGIN) -r requirements-slurm.txt
	@touch $@

SLURM := slurmctld slurmd slurm-client munge
test-slurm: $(PLUGIN)/ready ## run the workflow on a Slurm of its own, through profiles/slurm
	@PATH="$$PATH:/usr/sbin"; missing=; \
	for program in slurmctld slurmd srun munged; do command -v $$program || missing=$$program; done > /dev/null; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(SLURM); \
	else \
	  echo "There is no $$missing: install Slurm and munge as root (on Debian and Ubuntu: apt install $(SLURM))"; exit 1; \
	fi
	PYTHONPATH=$(PLUGIN) $(PYTEST) tests/workflow/test_slurm.py

bench-features: $(READY_DEV) ## time the features beside librosa's (BENCH_ARGS="--folder /music")
	$(BENCH) benchmarks/features.py $(BENCH_ARGS)

bench-training: $(READY_DEV) ## time networks trained together beside one by one
	CUBLAS_WORKSPACE_CONFIG=:4096:8 $(BENCH) benchmarks/training.py $(BENCH_ARGS)

bench-end-to-end: $(READY_DEV) ## time the whole workflow beside a notebook that does the same
	$(BENCH) benchmarks/end_to_end.py $(BENCH_ARGS)

bench-growth: $(READY_DEV) ## measure what each stage costs from 1,000 to 100,000 tracks
	$(BENCH) benchmarks/growth.py $(BENCH_ARGS)

bench-near-duplicates: $(READY_DEV) ## measure which edited copies fingerprints find (BENCH_ARGS="--folder /music")
	$(BENCH) benchmarks/near_duplicates.py $(BENCH_ARGS)

coverage: $(READY_DEV) ## measure how often intervals of agreement cover the truth, on fresh synthetic corpora
	$(BENCH) benchmarks/intervals.py $(BENCH_ARGS)

bench: bench-features bench-training bench-end-to-end ## all of these: how fast it is, as ratios

lint: $(READY_DEV) ## check style and the workflow
	$(BIN)/ruff check $(PYTHON_FILES)
	$(BIN)/ruff format --check $(PYTHON_FILES)
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

format: $(READY_DEV) ## rewrite all code in the style that lint wants
	$(BIN)/ruff format $(PYTHON_FILES)
	$(BIN)/ruff check --fix $(PYTHON_FILES)
	$(BIN)/snakefmt Snakefile workflow

# Both are resolved as one, so that they agree. Packages of CUDA are left out: torch brings those
# that its build needs.
COMPILE = uv pip compile --universal --fork-strategy fewest --python-version 3.11 \
  --no-annotate --no-header $(1) | grep -vE '^(nvidia-|cuda-|triton)' > $(2)
lock: $(READY_DEV) ## pin requirements.in and requirements-dev.in in their .txt (needs uv)
	$(call COMPILE,--upgrade requirements-dev.in,$(VENV)/all.txt)
	$(call COMPILE,--constraints $(VENV)/all.txt requirements.in,requirements.txt)
	{ echo "-r requirements.txt"; grep -vxFf requirements.txt $(VENV)/all.txt; } > requirements-dev.txt

clean: ## delete the demo's results and corpus
	rm -rf results/demo resources/demo
