#!/usr/bin/env python3
"""Holds documents and pictures to the figures that they were made from: docs/figures/performance.json.

Usage: measured_documents.py ROOT. Prints every file that says something else, and exits 1 if there is one. `scripts/bench --from`
makes them again; its --help has the line.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "bench"))
from tecs_bench import document, pictures, results  # noqa: E402

FIGURES = "docs/figures"
MEASURED = f"{FIGURES}/performance.json"
DOCUMENTS = ("docs/performance.md", "docs/scaling.md")


def document_differences(root, found):
    for name in DOCUMENTS:
        text = (root / name).read_text(encoding="utf-8")
        try:
            wanted = document.filled_in(text, found)
        except document.WrongDocument as why:
            yield f"{name}: {why}"
            continue
        pairs = zip(text.splitlines(), wanted.splitlines())
        line = next((number for number, (is_, ought) in enumerate(pairs, 1) if is_ != ought), None)
        if text != wanted:
            yield f"{name}:{line or len(text.splitlines())}: the figures are not those of {MEASURED}"


def picture_differences(root, found):
    wanted = {name: picture.svg() for name, picture in pictures.pictures(found)}
    there = {path.name: path.read_text(encoding="utf-8") for path in (root / FIGURES).glob("*.svg")}
    yield from (f"{FIGURES}/{name}: {MEASURED} has nothing to make it from" for name in sorted(there.keys() - wanted.keys()))
    yield from (f"{FIGURES}/{name}: it is not there" for name in sorted(wanted.keys() - there.keys()))
    yield from (f"{FIGURES}/{name}: it does not show {MEASURED}" for name in sorted(there.keys() & wanted.keys())
                if there[name] != wanted[name])
    text = "".join((root / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    yield from (f"{FIGURES}/{name}: no document shows it" for name in sorted(wanted) if f"(figures/{name})" not in text)


def differences(root):
    root = pathlib.Path(root)
    try:
        found = results.read(root / MEASURED)
    except (OSError, results.WrongResults) as why:
        yield f"{MEASURED}: {why}"
        return
    if found.scale != 1:
        yield f"{MEASURED}: only {found.scale:g} of the work was done"
    yield from (f"{MEASURED}: {topic.name} failed: {topic.error}" for topic in found.errors)
    yield from document_differences(root, found)
    yield from picture_differences(root, found)


def main():
    found = list(differences(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
