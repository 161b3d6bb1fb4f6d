"""What PostgreSQL, Valkey and the mail sink have in common: one folder, one server, however many start it.

The server itself holds a lock on its folder: the starter takes `lock` and hands the open file down to the server,
so the lock ends when the last process of the server ends, whoever started it and however that went. Whoever finds
it free starts the server and owns it; whoever finds it taken waits until the server answers and joins it.
"""

import contextlib
import errno
import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

from .addresses import socket_folder
from .process import EngineError, end, last_line, spawn
from .unprivileged import NOBODY

PAUSE = 0.02  # seconds between two looks


class Engine:
    """A server on a folder. Subclasses say how it is made, run and asked."""

    title = "engine"
    remedy = ""  # how to do without it: ends every error sentence
    death_signal = signal.SIGTERM
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)

    def __init__(self, folder: Path | str):
        self.folder = Path(folder).absolute()
        self.sockets = socket_folder(self.folder)
        self.log = self.folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_owned(self) -> bool:
        """Whether the server runs and this process started it."""
        return self.process is not None and self.process.poll() is None

    def start(self, timeout: float = 60) -> bool:
        """Start the server, or join one that runs already; return whether it is ours. Raises EngineError."""
        self._make_folders()
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            lock = self._lock()
            if lock is not None:
                with lock:
                    self._launch(lock, deadline)
                return True
            if self.answers():
                return False
            time.sleep(PAUSE)
        raise self.failed("another process holds its folder and it does not answer")

    def ensure(self) -> bool:
        """Start the server again if it is gone, whether it was ours or joined; return whether that was needed."""
        return not self.is_owned and not self.answers() and self.start()

    def ask_to_stop(self) -> None:
        """Give the server, if it is ours, the sign to end, and do not wait: several then end at the same time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signals[0])

    def stop(self, patience: float = 4) -> None:
        """Stop the server within so many seconds if it is ours; a joined one belongs to somebody else."""
        if self.process is not None:
            end(self.process, *self.stop_signals, patience=patience / len(self.stop_signals))
            self.process = None

    def failed(self, reason: str) -> EngineError:
        return EngineError(f"{self.title} did not start in {self.folder}: {reason.rstrip('.')}; {self.remedy}.")

    def prepare(self) -> None:
        """Make the data, once; called with the lock held."""

    def command(self) -> list[str | Path]:
        """The program and its arguments."""
        raise self.failed("it has no program")

    def answers(self) -> bool:
        """Whether the server takes requests now."""
        return False

    def run(self, lock: IO[bytes]) -> subprocess.Popen[bytes]:
        return spawn(self.command(), log=self.log, death_signal=self.death_signal, pass_fds=[lock.fileno()])

    def _launch(self, lock: IO[bytes], deadline: float) -> None:
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".old"))
        try:
            self.prepare()
            self.process = self.run(lock)
        except (OSError, subprocess.SubprocessError) as error:
            raise self.failed(describe(error)) from error
        while not self.answers():
            if self.process.poll() is not None:
                raise self.failed(last_line(self.log) or "it ended at once")
            if time.monotonic() > deadline:
                self.stop()
                raise self.failed("it does not answer")
            time.sleep(PAUSE)

    def _make_folders(self) -> None:
        try:
            for folder in {self.folder, self.sockets}:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_socket_folder()
            with contextlib.ExitStack() as probes:  # a full disk shows here, before a server stumbles over it
                for folder in {self.folder, self.sockets}:
                    probe = folder / f".probe-{os.getpid()}"
                    probes.callback(probe.unlink, missing_ok=True)
                    probe.write_bytes(b"x")
        except OSError as error:
            raise self.failed(describe(error)) from error

    def _check_socket_folder(self) -> None:
        """A stand-in folder lies where everybody may write: it must not have been laid there by somebody else."""
        if self.sockets == self.folder:
            return
        found = self.sockets.lstat()
        owners = {os.geteuid(), NOBODY} if os.geteuid() == 0 else {os.geteuid()}
        if self.sockets.is_symlink() or found.st_uid not in owners or found.st_mode & 0o077:
            raise self.failed(f"the socket folder {self.sockets} belongs to somebody else")

    def _lock(self) -> IO[bytes] | None:
        try:
            lock = (self.folder / "lock").open("ab")
        except OSError as error:
            raise self.failed(describe(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock


def describe(error: Exception) -> str:
    """An operating system's error in words."""
    if isinstance(error, OSError) and error.errno is not None:
        reason = "the disk is full" if error.errno == errno.ENOSPC else os.strerror(error.errno).lower()
        return f"{reason} ({error.filename})" if error.filename else reason
    return str(error)
