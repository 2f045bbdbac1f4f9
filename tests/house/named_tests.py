#!/usr/bin/env python3
"""Holds the pages about testing to the tests that there are: each that they name exists, and each row of a table with a column
"test" names one.

Usage: named_tests.py ROOT. Prints every difference and exits 1 if there is one.

`some_test.Class` and `some_test.Class.test_name` are of the integration tests in Python, also those that a table makes;
`Suite.Name` is of the unit tests in C++.
"""

import importlib
import pathlib
import re
import sys
import unittest

PAGES = "docs/testing*.md"
PYTHON = re.compile(r"`(\w+_test)\.(\w+)(?:\.(test_\w+))?`")
CPP = re.compile(r"`([A-Z]\w*)\.([A-Za-z]\w*)`")
DECLARATION = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)


def cpp_tests(root):
    return {(suite, name) for path in root.glob("tests/unit/**/*_test.cpp")
            for suite, name in DECLARATION.findall(path.read_text(encoding="utf-8"))}


def python_tests(root, module):
    """Class names with the names of their tests; nothing when there is no such file."""
    folder = root / "tests/integration"
    if not (folder / f"{module}.py").exists():
        return {}
    sys.path.insert(0, str(folder))
    try:
        loaded = importlib.import_module(module)
    finally:
        sys.path.remove(str(folder))
    return {name: set(unittest.defaultTestLoader.getTestCaseNames(found)) for name, found in vars(loaded).items()
            if isinstance(found, type) and issubclass(found, unittest.TestCase)}


def rows_of_tests(text):
    """The rows of those tables that have a column "test", without head and line."""
    rows, wanted = [], False
    for line in text.splitlines():
        if not line.startswith("|"):
            wanted = False
        elif wanted:
            if not set(line) <= set("|-: "):
                rows.append(line)
        else:
            wanted = "test" in [cell.strip() for cell in line.strip("|").split("|")]
    return rows


def differences(root):
    root = pathlib.Path(root)
    in_cpp = cpp_tests(root)
    for page in sorted(root.glob(PAGES)):
        where = page.relative_to(root)
        text = page.read_text(encoding="utf-8")
        for module, case, test in sorted(set(PYTHON.findall(text))):
            names = python_tests(root, module).get(case)
            if names is None or (test and test not in names):
                yield f"{where}: there is no test {'.'.join(filter(None, (module, case, test)))}"
        yield from (f"{where}: there is no test {suite}.{name}" for suite, name in sorted(set(CPP.findall(text)))
                    if (suite, name) not in in_cpp)
        yield from (f"{where}: this row names no test: {row}" for row in rows_of_tests(text)
                    if not PYTHON.search(row) and not CPP.search(row))


def main():
    found = list(differences(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
