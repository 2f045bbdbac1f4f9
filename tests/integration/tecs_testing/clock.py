"""A clock that is wrong, for one program."""

import glob
import os

from .workspace import Workspace


def clock_off_by(seconds: int) -> dict[str, str]:
    """The environment in which a program reads a time of day that is off; time limits and durations stay right."""
    return {**_library(), "FAKETIME": f"{seconds:+d}s"}


class SteppedClock:
    """The same for a program that runs already: its time of day is right until step(), and from then on off by that."""

    def __init__(self, workspace: Workspace, name: str):
        self._file = workspace.file(f"{name}.clock", "+0s\n")

    def environment(self) -> dict[str, str]:
        return {**_library(), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1"}

    def step(self, seconds: int) -> None:
        """Never half written, for whoever reads it at this moment."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n")
        new.chmod(0o644)
        os.replace(new, self._file)


def _library() -> dict[str, str]:
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
    if not library:
        raise RuntimeError("libfaketime is not installed; run scripts/install-packages")
    return {
        "LD_PRELOAD": library,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        # A program with AddressSanitizer insists on being loaded before anything else.
        "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"])),
    }
