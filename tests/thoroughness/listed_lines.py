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


def read(path: pathlib.Path, names: tuple[str, ...]) -> list[dict[str, str]]:
    """All entries. Lines that begin with # are for the reader."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line for line in re.sub(r"\n[ \t]+", " ", paragraph).splitlines() if line]
        if not lines:
            continue
        entry = dict(line.split(": ", 1) if ": " in line else (line, "") for line in lines)
        if tuple(entry) != names or not all(entry.values()):
            raise ListError(f"{path.name}: an entry has the lines {', '.join(names)}, in this order; this one has not:\n{paragraph}")
        entries.append({name: " ".join(value.split()) for name, value in entry.items()})
    return entries
