# Two commands on a fresh machine with Python 3.12 or newer:
#
#   make run     the demo clinic on http://127.0.0.1:8000 (PORT=8001 moves it); Ctrl-C stops everything it started
#   make test    all tests, with a real Postgres and a real browser (BROWSER=0 leaves the browser tests out)
#
# and when they are not enough:
#
#   make reset   delete the demo clinic's data; the next `make run` starts over
#   make drills  the tests that are slow by nature (at most 45 minutes)
#   make lint    ruff, forgotten migrations, Django's deployment checks
#   make bench-start    from a clone to the first page, beside a bare Django project
#   make requirements   pin again what pyproject.toml asks for
#
# DATABASE_URL=postgres://… uses that server instead of the private one. ARGS="tests/triage -x" goes to pytest.
# The work is done by clinic/launcher.py. Here we only look for an interpreter that is new enough to read it.

CANDIDATES := $(or $(PYTHON),python3.13 python3.14 python3.12 python3 python)
override PYTHON := $(shell for name in $(CANDIDATES); do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && command -v "$$name" && break; done)
ifeq ($(PYTHON),)
SEEN := $(shell for name in $(CANDIDATES); do \
	"$$name" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null && break; done)
$(error Python 3.12 or newer is needed, and $(if $(SEEN),the one found is Python $(SEEN),none was found). \
	Install a newer one, or name one that is not on the PATH: make run PYTHON=/path/to/python3.13)
endif

COMMANDS := run test drills reset lint bench-start requirements
.PHONY: $(COMMANDS)

$(COMMANDS):
	@exec "$(PYTHON)" -m clinic.launcher $@
