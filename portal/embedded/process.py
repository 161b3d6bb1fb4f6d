"""Starting a child that dies with its parent.

On Linux the kernel sends the child a signal when the thread that started it ends, however it ends
(`PR_SET_PDEATHSIG`, prctl(2)). Elsewhere there is no such promise: an engine orphaned there is joined by the next
start.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork: the child must not take the loader's locks


class EngineError(RuntimeError):
    """An engine cannot run here; the message is one sentence that names the remedy."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path | None,
    death_signal: signal.Signals = signal.SIGTERM,
    become: Callable[[], None] | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log` or, without one, shown.

    `become` runs in the child before the program and may change its identity. The child gets `death_signal` when
    this process ends. Must be called from the main thread: the signal follows the thread, not the process.
    Raises OSError when the program cannot be run.
    """
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log is not None else None
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=env,
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C is for the supervisor only
            preexec_fn=in_child(death_signal, become),
        )


def in_child(death_signal: signal.Signals, become: Callable[[], None] | None = None) -> Callable[[], None]:
    """What a child does between fork and exec; the death signal comes last, since a change of user clears it."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started from the main thread: they would end with this one")
    parent = os.getpid()

    def prepare() -> None:
        if become is not None:
            become()
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it ended between fork and prctl
            os._exit(1)

    return prepare


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask the kernel to send this process `death_signal` when the thread that forked it ends; on Linux alone."""
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)


def end(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float) -> None:
    """Send each signal in turn, waiting `patience` seconds after each, then kill the whole process group."""
    for number in signals:
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a child's session; its leader may be gone while its own children are not."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_line(log: Path) -> str:
    """The last line of a log that says something, or an empty string."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
