"""A clock that is wrong, for one program."""

import glob
import os


def clock_off_by(seconds: int) -> dict[str, str]:
    """The environment in which a program reads a time of day that is off; time limits and durations stay right."""
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)
    if not library:
        raise RuntimeError("libfaketime is not installed; run scripts/install-packages")
    return {
        "LD_PRELOAD": library,
        "FAKETIME": f"{seconds:+d}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        # A program with AddressSanitizer insists on being loaded before anything else.
        "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"])),
    }
