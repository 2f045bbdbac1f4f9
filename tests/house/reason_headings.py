#!/usr/bin/env python3
"""Holds docs/troubleshooting.md to the words that the programs say: each has its place there, and no other word has one.

Usage: reason_headings.py ROOT. Prints every difference and exits 1 if there is one.

A reason has a heading of its own; symbols, and the reasons of complaints, have a row of the table below the heading that is
theirs.
"""

import pathlib
import re
import sys

PAGE = "docs/troubleshooting.md"
HEADING = re.compile(r"^#+ `([^`]+)`$", re.MULTILINE)
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def enumerators(text, name):
    """In the order of the declaration, as they are written in verdicts: with hyphens."""
    body = re.search(rf"enum class {name}\b[^{{]*\{{(.*?)\}};", text, re.DOTALL)[1]
    return [word.replace("_", "-") for word in re.findall(r"^\s*(\w+)\s*,", re.sub(r"//.*", "", body) + ",", re.MULTILINE)]


def reasons(root):
    return enumerators((root / "libtecs/include/tecs/reason.hpp").read_text(), "Reason")


def complaint_reasons(root):
    return [word for word in enumerators((root / "verdicts/complaint.hpp").read_text(), "ComplaintReason") if word != "none"]


def symbols(root):
    return re.findall(r'\{"([A-Z_]+)", -?\d+\}', (root / "milter/policy/symbol.cpp").read_text())


def section(text, heading):
    """What stands below a heading, up to the next one of its kind."""
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def compare(what, there, wanted):
    yield from (f"{PAGE}: there is no {what} {word}" for word in there if word not in wanted)
    yield from (f"{PAGE}: the {what} {word} is not in it" for word in wanted if word not in there)
    yield from (f"{PAGE}: the {what} {word} is in it twice" for word in sorted(set(there)) if there.count(word) > 1)


def differences(root):
    root = pathlib.Path(root)
    text = (root / PAGE).read_text(encoding="utf-8")
    yield from compare("reason", HEADING.findall(text), reasons(root))
    yield from compare("symbol", ROW.findall(section(text, "Symbols")), symbols(root))
    yield from compare("reason of complaints", ROW.findall(section(text, "Complaints")), complaint_reasons(root))


def main():
    found = list(differences(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
