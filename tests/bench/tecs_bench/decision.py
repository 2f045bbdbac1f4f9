"""What has been received, and how much time has passed, when it is decided what becomes of a connection.

Of rows whose name tells of a decision and whose subjects have both octets and a time.
"""

import dataclasses
import math
from typing import Iterable, Iterator

from .figures import Row
from .shown import amount, is_ours, power_of_ten
from .svg import INNER, MARGIN, WIDTH, Picture, shortened, text_width

_TIMES = ("p50_us", "wall_us")
_LANE = 15.0


@dataclasses.dataclass(frozen=True)
class Point:
    name: str
    octets: float
    time: float
    time_metric: str
    is_ours: bool


def points(row: Row) -> list[Point]:
    """None of a row that is not about a decision."""
    if "decision" not in row.name.lower():
        return []
    found = []
    for subject in row.subjects:
        time = next((metric for metric in _TIMES if metric in subject.figures), None)
        if time and "bytes" in subject.figures:
            found.append(Point(subject.name, subject.median("bytes"), subject.median(time), time,
                               is_ours(row, subject)))
    return found


def pictures(rows: Iterable[Row]) -> Iterator[tuple[str, Picture]]:
    chosen = [row for row in rows if points(row)]
    if not chosen:
        return
    picture = Picture("decision", "When the decision falls", _described(chosen))
    picture.paragraph("How much the server has received, and how long the connection has lasted, when it is known who answers "
                      "for it. Each step is ten times the one before.")
    received = _Scale([point.octets for row in chosen for point in points(row)], "bytes")
    elapsed = _Scale([point.time for row in chosen for point in points(row)], "wall_us")
    seen: list[dict[str, float]] = []
    for row in chosen:
        picture.y += 10
        picture.paragraph(row.name, size=14.5, kind="", weight="bold")
        octets = {point.name: point.octets for point in points(row)}
        if octets not in seen:  # how long the way is does not change what has been received
            seen.append(octets)
            _draw_lanes(picture, "received", points(row), octets, received)
        _draw_lanes(picture, "elapsed", points(row), {point.name: point.time for point in points(row)}, elapsed)
    yield "decision.svg", picture


def _described(rows: list[Row]) -> str:
    return " ".join(f"{row.name}: " + "; ".join(
        f"{point.name} decides after {amount(point.octets, 'bytes')} and {amount(point.time, point.time_metric)}"
        for point in points(row)) + "." for row in rows)


class _Scale:
    """The same for all that is drawn with it, so that what is later stands further to the right."""

    def __init__(self, values: list[float], metric: str):
        self.metric = metric
        self.low = math.floor(math.log10(min(values)) - 0.1)
        self.high = max(math.ceil(math.log10(max(values)) + 0.05), self.low + 2)

    def place(self, value: float) -> float:
        return MARGIN + (math.log10(value) - self.low) / (self.high - self.low) * INNER

    def draw(self, picture: Picture) -> None:
        picture.y += 4
        picture.line([(MARGIN, picture.y), (MARGIN + INNER, picture.y)], "grid")
        for power in range(self.low, self.high + 1):
            x = self.place(10.0 ** power)
            picture.line([(x, picture.y - 3), (x, picture.y + 3)], "grid")
            anchor = "start" if power == self.low else "end" if power == self.high else "middle"
            picture.text(x, power_of_ten(power, self.metric), y=picture.y + 15, size=12, kind="quiet", anchor=anchor)
        picture.y += 19


def _draw_lanes(picture: Picture, what: str, found: list[Point], values: dict[str, float], scale: _Scale) -> None:
    """One lane for each subject: it is full up to the decision, and dashed for what comes after it."""
    picture.y += 4
    picture.paragraph(what, size=13)
    for point in found:
        across, weight = scale.place(values[point.name]), "bold" if point.is_ours else "normal"
        figure = amount(values[point.name], scale.metric)
        picture.y += 17
        room = INNER - text_width(figure, 14, "bold") - 10
        picture.text(MARGIN, shortened(point.name, 14, room, weight), weight=weight, kind="text-ours" if point.is_ours else "")
        picture.text(MARGIN + INNER, figure, weight="bold", anchor="end")
        picture.y += _LANE - 4
        number = 0 if point.is_ours else 2
        picture.line([(across, picture.y), (WIDTH - MARGIN, picture.y)], "grid", 2, dashes="2 4")
        picture.line([(MARGIN, picture.y), (across, picture.y)], f"line-{number}", 4 if point.is_ours else 3)
        picture.dot(across, picture.y, f"dot-{number}", radius=6.5)
        picture.y += 7
    scale.draw(picture)
