"""What a run has outside of its name spaces, and removes at its end: a folder on disk and its control groups.

A run that was killed could not; the next one removes what it left.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil
import tempfile
from typing import Iterator

from .processor_time import RUN, group_folders

DISK_FOLDER = "TECS_BENCH_DISK"
PREFIX = "tecs-bench-"
# Not /tmp, which is in memory on many machines.
DISK = pathlib.Path("/var/tmp")


@contextlib.contextmanager
def places_of_a_run() -> Iterator[None]:
    """Meanwhile the environment names a folder on disk, which goes at the end with all that is in it."""
    remove_left_ones()
    folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX, dir=DISK))
    # The lock ends with the run, whatever ends it.
    lock = _locked(folder)
    os.environ[DISK_FOLDER], os.environ[RUN] = str(folder), folder.name.removeprefix(PREFIX)
    try:
        folder.chmod(0o755)
        yield
    finally:
        _remove(folder)
        os.close(lock)


def remove_left_ones() -> None:
    for folder in DISK.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # BlockingIOError: it is in use
            lock = _locked(folder)
            _remove(folder)
            os.close(lock)


def _locked(folder: pathlib.Path) -> int:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove(folder: pathlib.Path) -> None:
    for mounted in group_folders():
        for group in mounted.glob(f"{folder.name}-*"):
            with contextlib.suppress(OSError):
                group.rmdir()
    shutil.rmtree(folder, ignore_errors=True)
