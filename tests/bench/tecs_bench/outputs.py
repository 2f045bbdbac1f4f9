"""Shows what was found out: the table, and on request the file, the pictures and the figures in documents."""

import os
import pathlib
import sys
from typing import Sequence

from . import document, pictures, results
from .results import Results
from .table import table


class CannotShow(Exception):
    """A picture or a document needs figures that were not measured, or is not to be changed by these."""


def show(found: Results, json: pathlib.Path | None, folder: pathlib.Path | None,
         documents: Sequence[pathlib.Path]) -> None:
    """The table goes to standard output, first, so that nothing that goes wrong later costs the figures."""
    sys.stdout.write(table(found))
    sys.stdout.flush()
    if json:
        results.write(found, json)
    if folder:
        pictures.write(found, folder)
    if documents:
        fill_in(found, documents)


def look_at(json: pathlib.Path | None, folder: pathlib.Path | None, documents: Sequence[pathlib.Path]) -> None:
    """Whether all of it can be written: to be found out before minutes go by, and not after."""
    for wanted in [json.parent if json else None, folder and (folder if folder.exists() else folder.parent)]:
        if wanted and not (wanted.is_dir() and os.access(wanted, os.W_OK)):
            raise CannotShow(f"{wanted} is not a folder that can be written to")
    for path in documents:
        if not path.is_file() or not os.access(path, os.W_OK):
            raise CannotShow(f"{path} is not a document that can be written to")


def fill_in(found: Results, documents: Sequence[pathlib.Path]) -> None:
    """All of them or none."""
    if found.errors:
        failed = ", ".join(topic.name for topic in found.errors)
        raise CannotShow(f"the documents stay as they are, since not everything was measured ({failed})")
    try:
        texts = {path: document.filled_in(path.read_text(encoding="utf-8"), found) for path in documents}
    except document.WrongDocument as why:
        raise CannotShow(f"the documents stay as they are: {why}") from why
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
