"""A table of characters, as wide as its cells need and no wider than it may be."""
import textwrap

LEAST = 6  # A column is not made narrower than this for the sake of another.


def _longest_word(cells: list[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)


def _column_widths(rows: list[list[str]], available: int) -> list[int]:
    columns = list(zip(*rows))
    widths = [max(len(cell) for cell in column) for column in columns]
    least = [max(LEAST, _longest_word(column)) for column in columns]
    # What is too much is taken from whichever column is the widest, one character at a time, and from columns of words
    # before any word is broken.
    for bounds in (least, [LEAST] * len(widths)):
        while sum(widths) > available:
            shrinkable = [i for i, width in enumerate(widths) if width > bounds[i]]
            if not shrinkable:
                break
            widest = max(shrinkable, key=lambda i: widths[i])
            widths[widest] -= 1
    return widths


def lay_out(rows: list[list[str]], available: int) -> str:
    """The first row is the head. available: the columns of the whole table."""
    widths = _column_widths(rows, available - 3 * len(rows[0]) - 1)
    lines = [_rule("=", widths)]
    for row in rows:
        cells = [textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(row, widths)]
        height = max(len(cell) for cell in cells)
        for cell in cells:
            cell += [""] * (height - len(cell))
        for line in zip(*cells):
            lines.append("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |")
        lines.append(_rule("=" if row is rows[0] else "-", widths))
    return "\n".join(lines)


def _rule(character: str, widths: list[int]) -> str:
    return "+" + "+".join(character * (width + 2) for width in widths) + "+"
