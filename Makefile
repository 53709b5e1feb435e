# make lab        work through the lessons in JupyterLab (LAB_ARGS=… for its options; TORCH=cuda, cpu or
#                 an index chooses the build of PyTorch)
# make fresh      set your copy of a lesson aside and get a new one (LESSON=3)
# make test       prove that everything works, in some fourteen minutes
# make solutions  of the exercises, for the teacher (LESSON=1 for one lesson)
# make site       write the course as pages that answer, for the web or a memory stick (WIDGET='draw()' for one)
# make weights    fetch trained weights and CIFAR-10 ahead of time (NAMES=alexnet for one network)
#
# For those who change the course:
# make test-slow  what takes longer: killed processes, thirty at once, every lesson in JupyterLab
# make widgets    bundle the widgets' JavaScript anew, check its types and its style (needs Node.js)
# make lessons    execute every lesson anew, as it is committed: offline, on CIFAR-10 and its stand-in
# make train-lenet, train-lenet_1998, train-lenet-cifar10, train-alexnet, train-vgg: train what is shipped anew
# make train-equal the three networks for CIFAR-10, by one recipe (the results are kept, not the weights)
# make house      render data/house.jpg with POV-Ray, in about five minutes
# make picture    take the pictures of the README, a still and a moving one
# make bench      compare with what one would do otherwise

PY = .venv/bin/python
PYTEST = $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder # the lessons first: they take longest

# The package without its __init__, which imports PyTorch: nobody waits seconds for one line.
LIGHT = import sys, types; light = types.ModuleType("course_utils"); light.__path__ = ["course_utils"]; \
	sys.modules["course_utils"] = light

# JupyterLab's extension and settings of the course: a start page, Markdown to be read, no news.
JUPYTER = $(CURDIR)/course_utils/widgets/jupyter

.PHONY: help lab fresh test test-slow widgets lessons site solutions weights house picture bench FORCE

help:
	@sed -n '/^$$/q; s/^# *//p' Makefile

lab: .venv/installed
	@$(PY) -c '$(LIGHT); from course_utils.doctor import before_lab; before_lab()'
	@$(PY) -c '$(LIGHT); from course_utils.my_lessons import main; main([])'
	@JUPYTER_PATH="$(JUPYTER)$${JUPYTER_PATH:+:$$JUPYTER_PATH}" JUPYTER_CONFIG_PATH="$(JUPYTER)$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" \
		$(PY) -m jupyterlab --ip=127.0.0.1 $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS)

fresh: .venv/installed
	@$(PY) -c '$(LIGHT); from course_utils.my_lessons import main; main(["$(LESSON)"])'

test: .venv/dev
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy
	@$(PYTEST) notebooks tests --ignore=tests/slow --nbval --nbval-cell-timeout=120

test-slow: .venv/dev
	@$(PYTEST) tests/slow

widgets:
	@npm ci --no-fund --no-audit && npm run build && npm run check

lessons: .venv/dev
	@data=$$(mktemp -d) && $(PY) -m tests.helpers.data_folder $$data && cd notebooks && \
		env -u COURSE_CIFAR10 COURSE_OFFLINE=1 COURSE_DATA=$$data OMP_NUM_THREADS=1 \
		../$(PY) -m nbconvert --to notebook --execute --inplace \
		--ExecutePreprocessor.timeout=120 --ExecutePreprocessor.record_timing=False \
		--ExecutePreprocessor.store_widget_state=False *.ipynb; \
		status=$$?; rm -r $$data; exit $$status
	@cd notebooks && ../$(PY) -m nbconvert --to notebook --inplace \
		--CoalesceStreamsPreprocessor.enabled=True *.ipynb # what a cell prints, as one piece

site: .venv/dev
	@$(PY) -m docs.site $(if $(WIDGET),--to site-one --widget '$(WIDGET)')

solutions: .venv/installed
	@$(PY) -m course_utils.exercises $(LESSON)

weights: .venv/installed
	@$(PY) -m course_utils.fetch $(NAMES)

train-%: .venv/installed
	@$(PY) -m course_utils.training.recipes $*

house: .venv/installed
	@povray -D +Ldata/house +Idata/house/house.pov +W1920 +H1135 +A0.1 +AM1 +R2 -J +FP16 +Odata/house.ppm
	@$(PY) data/house/develop.py data/house.ppm data/house.jpg && rm data/house.ppm

picture: .venv/dev
	@$(PY) -m docs.picture

bench: .venv/dev
	@for file in benchmarks/*.py; do $(PY) $$file || exit; done

# .venv/installed says where .venv was made and with which requirements. It is written last: without
# it, or elsewhere, .venv is made anew; with other requirements pip installs what changed.
STATE = { pwd -P; cat requirements.txt constraints.txt; }
RUNS = $(PY) -c 'import pip' 2>/dev/null
READY := $(shell $(STATE) | cmp -s - .venv/installed && $(RUNS) && echo yes)
INSTALL = $(PY) -m pip install --disable-pip-version-check -r

.venv/installed: $(if $(READY),,FORCE)
	@head -n 1 $@ 2>/dev/null | grep -qxF "$$(pwd -P)" && $(RUNS) || \
		$(or $(USABLE),$(error $(PLEASE))) -m venv --clear .venv
	@rm -f $@
	@index=$$($(PY) course_utils/torch_index.py) && \
		PIP_EXTRA_INDEX_URL="$$index $$PIP_EXTRA_INDEX_URL" $(INSTALL) requirements.txt
	@$(STATE) > $@

# The same for what tests and builds need beside it.
.venv/dev: .venv/installed $(if $(shell cmp -s requirements-dev.txt .venv/dev && echo yes),,FORCE)
	@$(INSTALL) requirements-dev.txt
	@cp requirements-dev.txt $@

# The first of these that has what it takes makes .venv. All requirements have wheels up to 3.14.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
EACH = for python in $(PYTHON); do $$python -c
USABLE = $(shell $(EACH) 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null && echo $$python && break; done)
FOUND = $(shell $(EACH) 'import importlib.util, sys; print("Python", sys.version.split()[0], "" if importlib.util.find_spec("ensurepip") else "without it")' 2>/dev/null; done \
	| sort -u | paste -sd, -)
PLEASE = Please install Python 3.11, 3.12, 3.13 or 3.14 with its venv module \
	(Debian and Ubuntu: sudo apt install python3-venv): found $(or $(strip $(FOUND)),no Python)
