#!/usr/bin/env python3
"""What libtecs.so shows to other programs: the C functions that are listed in c_api/symbols, each with the version of the
library that it came with, and of C++ what the public headers declare. Nothing of the inside, and no templates of others."""

import pathlib
import re
import subprocess
import sys
import unittest

FOLDER = pathlib.Path(sys.argv.pop())
LIBRARY = sys.argv.pop()


def exported():
    """(name, version) of each symbol; the versions themselves are symbols too."""
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", "--with-symbol-versions", "--format=posix", LIBRARY],
                             check=True, capture_output=True, text=True).stdout
    pairs = [line.split()[0].partition("@@")[::2] for line in listing.splitlines()]
    return {(name, version) for name, version in pairs if version}


def listed():
    lines = (FOLDER / "c_api/symbols").read_text(encoding="ascii").splitlines()
    return {tuple(line.split()) for line in lines if not line.startswith("#")}


def in_words(symbols):
    return ", ".join(f"{name} {version}" for name, version in sorted(symbols))


class ExportedSymbols(unittest.TestCase):
    def test_c_functions_are_those_listed(self):
        found = {symbol for symbol in exported() if not symbol[0].startswith("_Z")}
        gone = listed() - found
        self.assertFalse(gone, f"{in_words(gone)}: programs that call this no longer start. Give it back, in the same version; "
                         "what is no longer wanted stays until libtecs.so.1.")
        new = found - listed()
        self.assertFalse(new, f"{in_words(new)}: add it to libtecs/c_api/symbols, which promises it for good. When TECS_0 was "
                         "released already, first give it a version of its own in libtecs/exported_symbols.map.in.")

    def test_each_listed_function_is_declared(self):
        header = (FOLDER / "include/tecs.h").read_text(encoding="ascii")
        declared = set(re.findall(r"\b(tecs_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)))
        self.assertEqual(declared, {name for name, _ in listed()})

    def test_cxx_symbols_are_those_of_the_public_headers(self):
        names = [name for name, _ in exported() if name.startswith("_Z")]
        self.assertTrue(names)
        demangled = subprocess.run(["c++filt"], input="\n".join(names), check=True, capture_output=True, text=True).stdout
        text = "".join(path.read_text(encoding="ascii") for path in (FOLDER / "include/tecs").rglob("*.hpp"))
        marked = set(re.findall(r"^(?:class|struct) TECS_API (\w+)", text, re.MULTILINE))
        marked |= set(re.findall(r"TECS_API [^;{]*?\b(\w+)\(", text))
        for name in demangled.splitlines():
            with self.subTest(name=name):
                kind = r"(?:(?:vtable|typeinfo|typeinfo name|VTT) for |(?:non-virtual|virtual) thunk to )?"
                owner = re.match(kind + r"tecs::(\w+)", name)
                self.assertTrue(owner and owner[1] in marked,
                                "no public header marks this with TECS_API; keep it in an unnamed namespace or hidden")


if __name__ == "__main__":
    unittest.main()
