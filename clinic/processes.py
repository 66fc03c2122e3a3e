"""Three questions about processes that the launcher and the private Postgres ask the system. Standard library only."""

import ctypes
import signal
import subprocess
import sys
import time
from pathlib import Path


def end_with_parent(number=signal.SIGTERM):
    """What a child runs first (`preexec_fn`): on Linux, it is sent signal ``number`` when we die, even by `kill -9`."""

    def ask_the_kernel():
        if sys.platform == "linux":
            PR_SET_PDEATHSIG = 1
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)

    return ask_the_kernel


def command_line(pid):
    """How process ``pid`` was started; empty when there is none or it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True)
        return shown.stdout


def wait_until(true, *, seconds):
    """Whether ``true()`` came true within ``seconds``; looked at a hundred times a second."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.01)
    return True
