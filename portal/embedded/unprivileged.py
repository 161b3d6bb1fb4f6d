"""Ways for a child of root not to be root, which PostgreSQL refuses to run as. Linux only.

The first choice is a user namespace in which root is called nobody: files stay root's own and no folder needs to be
opened. Containers often forbid namespaces, so the second choice really becomes nobody. It then keeps one capability,
to pass over file permissions, because a project below /root would otherwise be out of its reach
(user_namespaces(7), capabilities(7)).
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .process import EngineError, libc

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 28, 4
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Set(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def rename_in_namespace() -> None:
    """Enter a user namespace in which this process's user and group are called nobody. Raises OSError."""
    user, group = os.geteuid(), os.getegid()
    _call(libc.unshare(CLONE_NEWUSER))
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1")


def drop_to_nobody() -> None:
    """Become nobody, with CAP_DAC_OVERRIDE where the system allows it. Raises OSError."""
    keeps_access = libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == 0
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    if keeps_access:
        bit = 1 << CAP_DAC_OVERRIDE
        sets = (_Set * 2)(_Set(bit, bit, bit), _Set(0, 0, 0))
        _call(libc.capset(ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), sets))
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def owner_after(become: Callable[[], None] | None) -> int:
    """The user id that files on disk must have for a child that went through `become`."""
    return NOBODY if become is drop_to_nobody else os.geteuid()


def identity() -> Callable[[], None] | None:
    """What a child of this process must do before it may run PostgreSQL: nothing, unless we are root."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return None
    for become in (rename_in_namespace, drop_to_nobody):
        if works(become):
            return become
    raise EngineError(
        "PostgreSQL does not run as root and this machine allows no other user: "
        "start as an ordinary user, or set DATABASE_URL to a database of your own."
    )


def works(become: Callable[[], None]) -> bool:
    """Whether a child can take this identity here."""
    try:
        return subprocess.run(["true"], preexec_fn=become, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def give(folder: Path, owner: int) -> None:
    """Make `owner` the owner of `folder` and all below it, unless it is already (the other way may have run before)."""
    if folder.stat().st_uid == owner:
        return
    for path in folder.rglob("*"):
        os.chown(path, owner, -1, follow_symlinks=False)
    os.chown(folder, owner, -1)


def _call(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
