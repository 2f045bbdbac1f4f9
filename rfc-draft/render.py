#!/usr/bin/env python3
"""render.py html|text DRAFT.xml: writes the draft as HTML or text to the standard output."""
import sys

from rendering.document import Document, DraftError
from rendering.html import write_html
from rendering.text import write_text

WRITERS = {"html": write_html, "text": write_text}


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in WRITERS:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        text = WRITERS[arguments[0]](Document(arguments[1]))
    except DraftError as error:
        print(f"{arguments[1]}: {error}", file=sys.stderr)
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
