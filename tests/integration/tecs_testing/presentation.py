"""How the demo looks: headings, colours where they are wanted, and SMTP that fits on a screen."""

import base64
import binascii
import os
import re
import sys
import textwrap
from typing import Iterable

_COLOURS = {"heading": "1;34", "client": "36", "server": "33", "aside": "2", "pass": "1;32", "none": "1", "fail": "1;31"}
WIDTH = 100


def wants_colours() -> bool:
    """On a terminal, unless NO_COLOR is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured(text: str, kind: str) -> str:
    code = _COLOURS.get(kind)
    return f"\x1b[{code}m{text}\x1b[0m" if code and wants_colours() else text


def heading(text: str) -> None:
    print("\n" + coloured(f"== {text}", "heading"))


def paragraph(text: str, indent: str = "   ") -> None:
    print(textwrap.fill(" ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent))


def result_coloured(text: str, result: str) -> str:
    """The text with the first occurrence of the result's word in its colour."""
    return re.sub(rf"\b{result}\b", lambda word: coloured(word[0], result), text, count=1)


def shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[:room - 3]}..."


def dialogue(lines: Iterable[tuple[str, str]]) -> list[str]:
    """SMTP for a person: base64 is shortened, with what it says below; a message's content is one line."""
    shown: list[str] = []
    content: list[str] | None = None
    data_expected = False
    for speaker, line in lines:
        kind = "client" if speaker == "C" else "server"
        if content is not None and speaker == "C":
            if line == ".":
                shown.append(coloured(f"C: ({len(content)} lines of message)", "aside"))
                shown.append(coloured("C: .", kind))
                content = None
            else:
                content.append(line)
            continue
        if data_expected and speaker == "S" and line.startswith("354"):
            content, data_expected = [], False
        elif speaker == "C" and line.upper() == "DATA":
            data_expected = True
        text, aside = _explained(line)
        shown.append(coloured(f"{speaker}: {text}", kind))
        if aside:
            shown.append(coloured(f"     = {aside}", "aside"))
    return shown


def _explained(line: str) -> tuple[str, str]:
    """The line with its base64 shortened, and what that decodes to."""
    command, _, last = line.rpartition(" ")
    if len(last) < 24 or not re.fullmatch(r"[A-Za-z0-9+/]+=*", last) or command.upper() not in ("AUTH TECS-1", "334", ""):
        return line, ""
    try:
        decoded = base64.b64decode(last, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return line, ""
    short = f"{last[:40]}... ({len(last)} characters)" if len(last) > 60 else last
    return f"{command} {short}".strip(), shortened(decoded, WIDTH - 12)
