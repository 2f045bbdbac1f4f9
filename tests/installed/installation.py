"""What the tests know of the installation that installed.py made for them."""

import glob
import os
import pathlib
import shutil

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PREFIX = pathlib.Path(os.environ["TECS_PREFIX"])
PRELOAD = os.environ.get("TECS_PRELOAD", "")


def folder_of_libraries(prefix=PREFIX):
    """lib, or whatever the distribution calls it."""
    return pathlib.Path(glob.glob(f"{prefix}/lib*/**/libtecs.so.0", recursive=True)[0]).parent


def run_environment(leaks=True):
    """For programs that load the library."""
    environment = dict(os.environ)
    if PRELOAD:
        environment["LD_PRELOAD"] = PRELOAD
        environment["ASAN_OPTIONS"] = f"{environment.get('ASAN_OPTIONS', '')}:detect_leaks={int(leaks)}"
    return environment


def key_file(folder, name):
    """A key of tests/cases as a signer wants it: for its owner alone. name: rsa-2048 or ed25519."""
    copy = pathlib.Path(folder) / f"{name}.pem"
    shutil.copyfile(SOURCE / "tests/cases/verify/keys" / copy.name, copy)
    copy.chmod(0o600)
    return copy
