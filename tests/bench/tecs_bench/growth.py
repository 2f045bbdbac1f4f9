"""What grows with what: rows whose subjects begin with a number, such as "100 open sessions", as lines on two log scales."""

import dataclasses
import math
import re
from typing import Iterable, Iterator

from .figures import Row
from .shown import amount, power_of_ten, what
from .svg import INNER, MARGIN, Picture, text_width, wrapped

# The first time that a row has is what it is about; its memory comes after that.
_TIMES, _MEMORY = ("cpu_us", "wall_us", "p50_us"), "memory_bytes"
_LEFT, _HEIGHT, _BELOW = 62.0, 116.0, 40.0


@dataclasses.dataclass(frozen=True)
class Line:
    """points: how many there were, and the median then."""

    name: str
    points: list[tuple[float, float]]


@dataclasses.dataclass(frozen=True)
class Panel:
    """counted: of what there were so many."""

    topic: str
    row: str
    counted: str
    metric: str
    lines: list[Line]


def lines(row: Row) -> dict[str, dict[str, float]]:
    """Names of subjects and their numbers, by what else the names say; empty when the row is not about growth.

    A subject that nobody shares its words with, such as "1 session" before "100, one address" and "100, 100 addresses",
    is where all lines begin.
    """
    found: dict[str, dict[str, float]] = {}
    for subject in row.subjects:
        number = re.fullmatch(r"([\d,]*\d),? (.+)", subject.name)
        if not number or not float(number[1].replace(",", "")):
            return {}
        words = re.sub(r"s\b", "", re.sub(r"[\d,]+ ", "", number[2]))
        found.setdefault(words, {})[subject.name] = float(number[1].replace(",", ""))
    starts = {name: count for counts in found.values() if len(counts) == 1 for name, count in counts.items()}
    return {words: starts | counts for words, counts in found.items() if len(counts) > 1}


def panels(rows: Iterable[Row]) -> list[Panel]:
    return [panel for row in rows if lines(row) for panel in _panels(row)]


def _panels(row: Row) -> Iterator[Panel]:
    def points(counts: dict[str, float], metric: str) -> list[tuple[float, float]]:
        return sorted((count, row.subject(name).median(metric)) for name, count in counts.items())

    there = [metric for metric in (*_TIMES, _MEMORY) if all(metric in subject.figures for subject in row.subjects)]
    for metric in there[:1] + ([_MEMORY] if _MEMORY in there[1:] else []):
        drawn = [Line(_last_words(counts), points(counts, metric)) for counts in lines(row).values()]
        if all(value > 0 for line in drawn for _, value in line.points):
            counted = drawn[0].name if len(drawn) == 1 else _last_words({row.subjects[0].name: 1})
            yield Panel(row.topic, row.name, counted, metric, drawn)


def _last_words(counts: dict[str, float]) -> str:
    """Of the name with the largest number, which is the one with the plural where there is one."""
    words = max(counts, key=counts.__getitem__).partition(" ")[2]
    return f"{words}s" if len(counts) == 1 and " " not in words and not words.endswith("s") else words


def described(found: Iterable[Panel]) -> str:
    return " ".join(f"{panel.row}, {line.name}, {what(panel.metric)}: " + ", ".join(
        f"{amount(value, panel.metric)} with {count:,.0f}" for count, value in line.points) + "."
        for panel in found for line in panel.lines)


def draw(picture: Picture, panel: Panel, is_first: bool = True) -> None:
    """is_first: of its row, whose name then stands above."""
    picture.y += 10
    if is_first:
        picture.paragraph(panel.row, size=14.5, kind="", weight="bold")
    if len(panel.lines) > 1:
        picture.paragraph(what(panel.metric))
    for number, line in enumerate(panel.lines):
        _draw_legend(picture, panel, line, number)
    frame = _Frame(panel, picture.y + 10)
    frame.draw_grid(picture)
    for number, line in enumerate(panel.lines):
        points = [frame.place(*point) for point in line.points]
        picture.line(points, f"line-{number % 4}", 2.2, dashes="6 4" if number % 2 else "")
        for point in points:
            picture.dot(*point, f"dot-{number % 4}", is_square=bool(number % 2))
    picture.y = frame.bottom + _BELOW


def _draw_legend(picture: Picture, panel: Panel, line: Line, number: int) -> None:
    """The name of a line, and its first and last figure at the right, in a line of their own where there is no room."""
    ends = " → ".join(amount(line.points[end][1], panel.metric) for end in (0, -1))
    picture.dot(MARGIN + 5, picture.y + 10.5, f"dot-{number % 4}", is_square=bool(number % 2))
    names = wrapped(line.name if len(panel.lines) > 1 else what(panel.metric), 13, INNER - 17)
    if text_width(names[-1], 13) + text_width(ends, 13, "bold") > INNER - 27:
        names.append("")
    for name in names:
        picture.y += 15
        picture.text(MARGIN + 17, name, size=13)
        picture.y += 3
    picture.text(MARGIN + INNER, ends, y=picture.y - 3, size=13, weight="bold", anchor="end")


class _Frame:
    """Where a panel's points stand: both axes by powers of ten."""

    def __init__(self, panel: Panel, top: float):
        points = [point for line in panel.lines for point in line.points]
        self._metric, self._counted = panel.metric, panel.counted
        self._x = _decades(x for x, _ in points)
        # So many that what hardly changes looks as if it hardly changed.
        self._y = _decades((y for _, y in points), fewest=3)
        self._top, self.bottom = top, top + _HEIGHT

    def place(self, x: float, y: float) -> tuple[float, float]:
        (x_from, x_to), (y_from, y_to) = self._x, self._y
        across = (math.log10(x) - x_from) / (x_to - x_from)
        up = (math.log10(y) - y_from) / (y_to - y_from)
        return MARGIN + _LEFT + 14 + across * (INNER - _LEFT - 34), self.bottom - up * _HEIGHT

    def draw_grid(self, picture: Picture) -> None:
        left, right = MARGIN + _LEFT, MARGIN + INNER
        for power in range(self._y[0], self._y[1] + 1):
            y = self.place(10 ** self._x[0], 10.0 ** power)[1]
            picture.line([(left, y), (right, y)], "grid")
            picture.text(left - 6, power_of_ten(power, self._metric), y=y + 4, size=12, kind="quiet", anchor="end")
        for power in range(self._x[0], self._x[1] + 1):
            x = self.place(10.0 ** power, 10.0 ** self._y[0])[0]
            picture.line([(x, self._top), (x, self.bottom)], "grid")
            picture.text(x, f"{10 ** power:,}", y=self.bottom + 16, size=12, kind="quiet", anchor="middle")
        picture.text(right, self._counted, y=self.bottom + 32, size=12, kind="quiet", anchor="end")


def _decades(values: Iterable[float], fewest: int = 1) -> tuple[int, int]:
    """Powers of ten between which all values are; where there must be more of them, on both sides."""
    known = [math.log10(value) for value in values]
    low, high = math.floor(min(known) + 1e-9), math.ceil(max(known) - 1e-9)
    while high - low < fewest:
        low, high = (low - 1, high) if (high - low) % 2 else (low, high + 1)
    return low, high
