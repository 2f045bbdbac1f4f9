#!/usr/bin/env python3
"""Holds that no two types have one name: all of TECS is one namespace.

Two classes of one name in different headers are merged by the linker without a word, and one is then destroyed as the other.
What stands in an unnamed namespace is a source's own. Usage: type_names.py ROOT. Prints every name that stands twice, with
its places, and exits 1 if there is one.
"""

import collections
import pathlib
import re
import sys

PARTS = ["libtecs", "program", "verdicts", "milter", "sasl", "smtp", "signer", "tools"]
UNNAMED = re.compile(r"^namespace \{.*?^\}  // namespace$", re.MULTILINE | re.DOTALL)
# At the left margin: a type within a class or a function stands further right. A name with "::" is a definition of what
# another header declares.
DEFINITION = re.compile(r"^(?:struct|class|union|enum(?: class)?) (?:TECS_API )?(\w+)\b(?!::)[^;{(]*\{", re.MULTILINE)


def definitions(text):
    """Name and line of each type that the whole program knows."""
    shared = UNNAMED.sub(lambda block: "\n" * block[0].count("\n"), text)
    for match in DEFINITION.finditer(shared):
        yield match[1], shared.count("\n", 0, match.start()) + 1


def repeated(root):
    places = collections.defaultdict(list)
    for part in PARTS:
        for source in sorted((pathlib.Path(root) / part).rglob("*.[ch]pp")):
            for name, line in definitions(source.read_text(encoding="utf-8")):
                places[name].append(f"{source.relative_to(root)}:{line}")
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


def main():
    found = repeated(sys.argv[1])
    for name, places in found.items():
        print(f"{places[0]}: {name} is also at {', '.join(places[1:])}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
