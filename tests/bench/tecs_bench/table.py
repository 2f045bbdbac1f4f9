"""The table that a run ends with: ratios first, then medians with the least and the most of the rounds, then budgets."""

from typing import Iterator

from .figures import Judgement, Row, Subject
from .results import Results
from .shown import joined, number, unit, what

HEADING = "ratio: the median of the first line with the same measure, divided by this one's; 0.50 means it costs half"
COLUMNS = f"{'ratio':>7}  {'median':>16}  {'least .. most':>25}  {'measure':<15}  who"


def table(results: Results) -> str:
    return "\n".join([*_head(results), *_rows(results), *_end(results)]) + "\n"


def _head(results: Results) -> Iterator[str]:
    machine, versions = results.machine, results.versions
    yield f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, {machine['system']}"
    yield f"{versions['compiler']}, {versions['build']} build of {results.sources['commit'][:12]}, {results.began}"
    yield HEADING
    yield ""
    yield COLUMNS


def _rows(results: Results) -> Iterator[str]:
    for row in results.rows:
        yield ""
        yield f"{row.topic}: {row.name}"
        for metric in dict.fromkeys(metric for subject in row.subjects for metric in subject.figures):
            for subject in row.subjects:
                if metric in subject.figures:
                    yield _line(row, subject, metric)
        for judgement in row.judgements():
            yield "         " + judged(judgement)


def _line(row: Row, subject: Subject, metric: str) -> str:
    values = subject.figures[metric]
    median = joined(number(subject.median(metric)), unit(metric))
    spread = f"{number(min(values))} .. {number(max(values))}"
    return f"{ratio(row, subject, metric):>7}  {median:>16}  {spread:>25}  {what(metric):<15}  {subject.name}"


def ratio(row: Row, subject: Subject, metric: str) -> str:
    """Nothing for the first one with this metric, and where there is nothing to divide by."""
    first = next(one for one in row.subjects if metric in one.figures)
    if first is subject or not subject.median(metric):
        return ""
    return number(first.median(metric) / subject.median(metric))


def judged(judgement: Judgement) -> str:
    """A budget and what became of it, in a sentence."""
    budget = judgement.budget
    if budget.of is None:
        measured = joined(number(judgement.measured), unit(budget.metric))
        limit = joined(number(budget.limit), unit(budget.metric))
    else:
        measured = f"{number(judgement.measured)} of {' + '.join(budget.of)}"
        limit = number(budget.limit)
    return (f"budget {'met' if judgement.met else 'MISSED'}: {budget.subject}, {what(budget.metric)}: {measured}; "
            f"{limit} was the limit ({budget.source})")


def _end(results: Results) -> Iterator[str]:
    judgements = [judgement for row in results.rows for judgement in row.judgements()]
    missed = sum(not judgement.met for judgement in judgements)
    yield ""
    yield f"Budgets: {len(judgements) - missed} met, {missed} missed."
    yield f"Took {sum(topic.seconds for topic in results.topics):.0f} s."
    if results.scale != 1.0:
        yield f"Only {results.scale:g} of the work was done (a quick run): figures for a first look, not to be quoted."
    for topic in results.errors:
        yield f"FAILED: {topic.name}: {topic.error}"
