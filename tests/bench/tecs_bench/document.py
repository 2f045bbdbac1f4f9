"""Puts figures into a document, between comments that a reader does not see and that say where each comes from.

    <!-- bench: names
    connection = median("postfix", "a row", "TECS", "cpu_us")
    connections = 1e6 / connection
    -->
    One core carries <!--= connections -->1,234<!--=--> connections a second.

    <!-- bench: rows library -->
    a table of all rows of that topic
    <!-- bench: end -->

What stands between is replaced; all else stays as it is. After a name may stand how it is shown: `connections | 2` with two
digits that count, `connection | us` with a unit, `share | percent`.
"""

import math
import re

from . import markdown
from .expressions import evaluate
from .results import Results
from .shown import amount, number

_NAMES = re.compile(r"<!-- bench: names\n(.*?)-->", re.DOTALL)
_BLOCK = re.compile(r"(<!-- bench: (?!names\b|end\b)([^\n]*?) -->\n).*?(<!-- bench: end -->)", re.DOTALL)
_INLINE = re.compile(r"(<!--=\s*([^>|]+?)\s*(?:\|\s*([^>]+?)\s*)?-->).*?(<!--=-->)", re.DOTALL)


class WrongDocument(ValueError):
    """A document's comments are not understood, or need figures that are not there."""


def filled_in(text: str, results: Results) -> str:
    """Throws WrongDocument; a document is never changed in part."""
    try:
        names = named(text, results)
        text = _BLOCK.sub(lambda block: block[1] + _block(block[2], text, results, names) + block[3], text)
        text = _INLINE.sub(lambda found: found[1] + shown(evaluate(found[2], results, names), found[3]) + found[4], text)
    except (ValueError, KeyError) as why:
        raise WrongDocument(str(why)) from why
    _check_pairs(text)
    return text


def named(text: str, results: Results) -> dict[str, float]:
    names: dict[str, float] = {}
    for name, expression in expressions(text):
        if name in names:
            raise WrongDocument(f"{name} is named twice")
        names[name] = evaluate(expression, results, names)
    return names


def expressions(text: str) -> list[tuple[str, str]]:
    """Names and what they stand for, in the order of the document. A line that begins with a blank continues the one before."""
    found = []
    for block in _NAMES.findall(text):
        for line in re.sub(r"\n\s+", " ", block).strip().splitlines():
            name, equals, expression = line.partition("=")
            if not equals or not name.strip().isidentifier():
                raise WrongDocument(f"{line!r} is not name = expression")
            found.append((name.strip(), expression.strip()))
    return found


def shown(value: float, how: str | None = None) -> str:
    if how is None:
        return f"{value:,.0f}" if value == int(value) else number(value)
    if how.isdigit():
        return _with_digits(value, int(how))
    if how == "percent":
        return f"{100 * value:.0f} %"
    return amount(value, how)


def _with_digits(value: float, digits: int) -> str:
    """So many digits that count: 1,234 is 1,200 with two, and 6.789 is 6.8."""
    if not value:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


def _block(words: str, text: str, results: Results, names: dict[str, float]) -> str:
    kind, _, argument = words.partition(" ")
    if kind == "sums" and not argument:
        return markdown.sums(expressions(text), {name: shown(value) for name, value in names.items()})
    if kind == "rows":
        return markdown.rows(results, argument)
    whole = {"machine": markdown.machine, "budgets": markdown.budgets}
    if kind not in whole or argument:
        raise WrongDocument(f"a block of {words!r} is not known")
    return whole[kind](results)


def _check_pairs(text: str) -> None:
    for what, begin, end in (("block", r"<!-- bench: (?!names\b|end\b)", r"<!-- bench: end -->"),
                             ("figure", r"<!--=\s*[^>\s-]", r"<!--=-->")):
        begun, ended = len(re.findall(begin, text)), len(re.findall(end, text))
        if begun != ended:
            raise WrongDocument(f"{begun} times a {what} begins, and {ended} times one ends")
