"""Reads a list of lines of the sources, each with the reason why it stands there.

An entry is a paragraph. Its lines begin with a name and a colon; what is indented goes on with the line before:

    file: libtecs/core/base64.cpp
    line: if (text.empty()) return Octets{};
    because: ...
"""

from __future__ import annotations

import pathlib
import re


class ListError(Exception):
    """The list is not written as it has to be."""


def read(path: pathlib.Path, names: tuple[str, ...], repeated: str = "") -> list[dict[str, str]]:
    """All entries. Lines that begin with # are for the reader. What is repeated in an entry makes one of each."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.split(": ", 1) for line in re.sub(r"\n[ \t]+", " ", paragraph).splitlines() if line]
        if not lines:
            continue
        several = [line[1] for line in lines if line[0] == repeated and line[1:]] or [""]
        once = {line[0]: " ".join(line[-1].split()) for line in lines}
        whole = all(len(line) == 2 and line[1] for line in lines)
        if not whole or tuple(once) != names or len(lines) != len(names) + len(several) - 1:
            raise ListError(f"{path.name}: an entry has the lines {', '.join(names)}, in this order; this one has not:\n"
                            f"{paragraph}")
        entries.extend({**once, **({repeated: " ".join(value.split())} if repeated else {})} for value in several)
    return entries
