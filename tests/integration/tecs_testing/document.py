"""The configuration that a document shows, so that a test runs what an administrator would copy."""

import pathlib
import re

_FOLDER = pathlib.Path(__file__).resolve().parents[3] / "docs"


def shown_files(document: str) -> dict[str, str]:
    """By path, the files that docs/DOCUMENT shows: fenced blocks whose first line names a path, ```ini /etc/tecs/milter.conf."""
    text = (_FOLDER / document).read_text()
    shown: dict[str, str] = {}
    for path, content in re.findall(r"^```\w+ (/\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if path in shown:
            raise ValueError(f"{document} shows {path} twice")
        shown[path] = content
    if not shown:
        raise ValueError(f"{document} shows no file")
    return shown
