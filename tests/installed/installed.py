#!/usr/bin/env python3
"""Runs a command beside an installation of libtecs of its own: the library and what belongs to its development, as a package
brings them. The command finds the place in TECS_PREFIX.

Usage: installed.py BUILD-FOLDER SANITIZERS CXX-COMPILER ADDRESS-SANITIZER -- COMMAND...

ADDRESS-SANITIZER: its library, or nothing.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

COMPONENTS = ("runtime-library", "development")


def preloaded(address_sanitizer, compiler):
    """What has to be loaded before a program that was built without sanitizers, when the library was built with them."""
    if not address_sanitizer:
        return []
    # libstdc++ too: AddressSanitizer looks for it at the start only, and libtecs comes later into Python.
    standard_library = subprocess.run([compiler, "-print-file-name=libstdc++.so.6"], check=True, capture_output=True, text=True)
    return [address_sanitizer, standard_library.stdout.strip()]


def main():
    build, sanitizers, compiler, address_sanitizer, separator, *command = sys.argv[1:]
    assert separator == "--"
    if "thread" in sanitizers.split(","):
        print("Skipped: ThreadSanitizer cannot be loaded into programs that were built without it.")
        return 77
    with tempfile.TemporaryDirectory(prefix="tecs-installed-") as prefix:
        for component in COMPONENTS:
            subprocess.run(["cmake", "--install", build, "--prefix", prefix, "--component", component], check=True,
                           stdout=subprocess.DEVNULL)
        environment = os.environ | {"TECS_PREFIX": prefix, "TECS_CXX": compiler,
                                    "TECS_PRELOAD": " ".join(preloaded(address_sanitizer, compiler))}
        return subprocess.run(command, env=environment, cwd=pathlib.Path(__file__).parent, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
