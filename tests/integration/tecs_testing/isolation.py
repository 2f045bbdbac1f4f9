"""Runs a Python module in network, process and mount name spaces of its own.

    python3 -m tecs_testing.isolation unittest -v signed_mail_test

Ports and addresses then clash with nobody's, nothing reaches a network, and whatever was started ends with the run, even
when it is killed. Needs root, and says so.
"""

import ctypes
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback

from tecs_testing.workspace import PARENT_FOLDER

CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x20000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str, flags: int = 0) -> None:
    _check(_libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), None), f"mount {target}")


def _inside(folder: str, arguments: list[str]) -> int:
    """The first process of the new name spaces: makes them usable, then becomes the module."""
    _check(_libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0), "prctl")
    # unittest takes every other exception for the failure of one test, and goes on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _check(_libc.unshare(CLONE_NEWNS | CLONE_NEWNET), "unshare")
    _mount("none", "/", "none", MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", "proc")
    # Postfix syncs each message to disk, which costs nothing in memory.
    _mount("tecs-testing", folder, "tmpfs")
    os.chmod(folder, 0o755)
    os.environ[PARENT_FOLDER] = folder
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    sys.argv = arguments
    sys.path.insert(0, os.getcwd())
    try:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    except SystemExit as exit_request:
        if exit_request.code is None or isinstance(exit_request.code, int):
            return int(exit_request.code or 0)
        print(exit_request.code, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 64
    if os.geteuid() != 0:
        print("The integration tests start Postfix and make network name spaces; run them as root (sudo ctest ...).")
        return 1
    folder = tempfile.mkdtemp(prefix="tecs-", dir="/tmp")
    try:
        return _run(folder, sys.argv[1:])
    finally:
        os.rmdir(folder)  # what was mounted on it went with its name space


def _run(folder: str, arguments: list[str]) -> int:
    _check(_libc.unshare(CLONE_NEWPID), "unshare")  # holds for children only
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _inside(folder, arguments)
        except BaseException:  # pylint: disable=broad-except
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
    return abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    sys.exit(main())
