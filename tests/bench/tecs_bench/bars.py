"""A row as horizontal bars: who costs how much, the least and the most of the rounds, and the budget."""

from .figures import Judgement, Row, Subject, more_is_better
from .shown import amount, is_ours, number, what
from .svg import INNER, MARGIN, Picture, shortened, text_width

_METRICS = ("cpu_us", "p50_us", "wall_us", "per_second", "memory_bytes", "round_trips", "bytes", "allocations")
_BAR = 13.0


def metrics(row: Row) -> list[str]:
    """Those that a budget limits; else the one that says most, where there is somebody to compare with."""
    limited = dict.fromkeys(budget.metric for budget in row.budgets)
    compared = [metric for metric in _METRICS if sum(metric in subject.figures for subject in row.subjects) > 1]
    has_peers = not all(is_ours(row, subject) for subject in row.subjects)
    return list(limited) or (compared[:1] if has_peers else [])


def draw(picture: Picture, row: Row) -> None:
    picture.y += 14
    picture.paragraph(row.name, size=15, kind="", weight="bold")
    for metric in metrics(row):
        better = "more is better" if more_is_better(metric) else "less is better"
        picture.paragraph(f"{what(metric)}; {better}")
        subjects = [subject for subject in row.subjects if metric in subject.figures]
        judgements = [judgement for judgement in row.judgements() if judgement.budget.metric == metric]
        largest = 1.02 * max([subject.median(metric) for subject in subjects] + [_limit(each) for each in judgements])
        picture.y += 2
        for subject in subjects:
            _draw_subject(picture, subject, metric, largest, is_ours(row, subject))
            bar = picture.y
            for judgement in judgements:
                if judgement.budget.subject == subject.name:
                    _draw_budget(picture, judgement, largest, bar)
        picture.y += 6


def _limit(judgement: Judgement) -> float:
    return judgement.budget.limit * (1 if judgement.floor is None else judgement.floor)


def _draw_subject(picture: Picture, subject: Subject, metric: str, largest: float, ours: bool) -> None:
    values, median = subject.figures[metric], subject.median(metric)
    figure, weight = amount(median, metric), "bold" if ours else "normal"
    room = INNER - text_width(figure, 14, "bold") - 10
    picture.y += 17
    picture.text(MARGIN, shortened(subject.name, 14, room, weight), weight=weight, kind="text-ours" if ours else "")
    picture.text(MARGIN + INNER, figure, weight="bold", anchor="end")
    picture.y += 5
    picture.bar(MARGIN, picture.y, INNER, _BAR, "track")
    picture.bar(MARGIN, picture.y, max(_across(median, largest), 2), _BAR, "ours" if ours else "other")
    least, most = (MARGIN + min(_across(value, largest), INNER) for value in (min(values), max(values)))
    if most - least > 1.5:
        middle = picture.y + _BAR / 2
        picture.line([(least, middle), (most, middle)], "whisker")
    picture.y += _BAR


def _draw_budget(picture: Picture, judgement: Judgement, largest: float, bar: float) -> None:
    """A tick across the bar, which ends at `bar`, and what it stands for in a line of its own."""
    budget = judgement.budget
    x = MARGIN + _across(_limit(judgement), largest)
    picture.line([(x, bar - _BAR - 3), (x, bar + 4)], "budget", 2.5)
    words = f"budget {amount(_limit(judgement), budget.metric)}"
    if budget.of:
        words += f", {number(budget.limit)} × {' + '.join(budget.of)}"
    verdict = ": met" if judgement.met else ": missed"
    picture.y += 16
    picture.text(MARGIN, shortened(words, 12.5, INNER - text_width(verdict, 12.5)) + verdict, size=12.5, kind="text-budget")
    picture.y += 2


def _across(value: float, largest: float) -> float:
    return INNER * value / largest if largest > 0 else 0.0
