"""What was measured: a row compares subjects, a subject has one figure for each metric and round, a budget limits one of them.

The name of a metric carries its unit: wall_us, cpu_us, p50_us, p99_us, bytes, round_trips, per_second, memory_bytes,
allocations. More of it is worse, unless it ends in per_second.
"""

import dataclasses
import math
import statistics

FEWEST_ROUNDS = 5
UNITS = ("us", "bytes", "round_trips", "per_second", "allocations")


class WrongRow(ValueError):
    """A topic made a row that cannot be shown or judged; a bug of the topic."""


def more_is_better(metric: str) -> bool:
    return metric.endswith("per_second")


@dataclasses.dataclass(frozen=True)
class Subject:
    """configuration: one honest sentence that states how this peer is configured."""

    name: str
    configuration: str
    figures: dict[str, list[float]]

    def median(self, metric: str) -> float:
        return statistics.median(self.figures[metric])


@dataclasses.dataclass(frozen=True)
class Budget:
    """What a subject may cost: a ratio against the sum of the medians of others, or the figure itself when `of` is None.

    For a metric of which more is better, the limit is what must be reached. source: where the budget stands, such as
    "DESIGN 8".
    """

    subject: str
    metric: str
    limit: float
    of: list[str] | None
    source: str


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What became of a budget; floor is what the subject's median was divided by, or None."""

    budget: Budget
    median: float
    floor: float | None

    @property
    def measured(self) -> float:
        return self.median if self.floor is None else self.median / self.floor

    @property
    def met(self) -> bool:
        if more_is_better(self.budget.metric):
            return self.measured >= self.budget.limit
        return self.measured <= self.budget.limit


@dataclasses.dataclass(frozen=True)
class Row:
    """Subjects that were measured beside each other, in turns. The first one is TECS, where it takes part."""

    topic: str
    name: str
    subjects: list[Subject]
    budgets: list[Budget] = dataclasses.field(default_factory=list)
    note: str = ""

    def __post_init__(self) -> None:
        if not self.subjects:
            raise WrongRow(f"{self.name}: no subjects")
        if len({subject.name for subject in self.subjects}) != len(self.subjects):
            raise WrongRow(f"{self.name}: two subjects have the same name")
        for subject in self.subjects:
            self._check_figures(subject)
        for budget in self.budgets:
            for name in [budget.subject, *(budget.of or [])]:
                if budget.metric not in self.subject(name).figures:
                    raise WrongRow(f"{self.name}: budget for {budget.metric}, of which {name} has no figures")

    def _check_figures(self, subject: Subject) -> None:
        if not subject.configuration or not subject.figures:
            raise WrongRow(f"{self.name}: {subject.name} has no configuration or no figures")
        for metric, values in subject.figures.items():
            if not metric.endswith(UNITS):
                raise WrongRow(f"{self.name}: the metric {metric} does not end in its unit ({', '.join(UNITS)})")
            if len(values) < FEWEST_ROUNDS:
                raise WrongRow(f"{self.name}: {subject.name} has {len(values)} figures for {metric}, not {FEWEST_ROUNDS}")
            if not all(math.isfinite(value) for value in values):
                raise WrongRow(f"{self.name}: {subject.name} has a figure for {metric} that is no number")

    def subject(self, name: str) -> Subject:
        for subject in self.subjects:
            if subject.name == name:
                return subject
        raise WrongRow(f"{self.name}: no subject {name}")

    def judgements(self) -> list[Judgement]:
        return [self._judge(budget) for budget in self.budgets]

    def _judge(self, budget: Budget) -> Judgement:
        floor = None
        if budget.of is not None:
            floor = sum(self.subject(name).median(budget.metric) for name in budget.of)
            if floor <= 0:
                raise WrongRow(f"{self.name}: {' + '.join(budget.of)} cost no {budget.metric}")
        return Judgement(budget, self.subject(budget.subject).median(budget.metric), floor)


def encode(row: Row) -> dict:
    """As it is written down: figures with six digits, which is more than any measurement is good for."""
    encoded = dataclasses.asdict(row)
    for subject in encoded["subjects"]:
        subject["figures"] = {metric: [float(f"{value:.6g}") for value in values]
                              for metric, values in subject["figures"].items()}
    return encoded


def decode(row: dict) -> Row:
    """The opposite of encode(). Throws WrongRow, KeyError or TypeError for what encode() did not write."""
    return Row(topic=row["topic"], name=row["name"], note=row["note"],
               subjects=[Subject(**subject) for subject in row["subjects"]],
               budgets=[Budget(**budget) for budget in row["budgets"]])
