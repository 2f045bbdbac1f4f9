"""All that a run found out, as it stands in the JSON file from which table, pictures and documents are made."""

import dataclasses
import json
import pathlib
import re

from . import figures
from .figures import Row, Subject

FORMAT = 1


class WrongResults(ValueError):
    """A file is not what a run wrote."""


@dataclasses.dataclass(frozen=True)
class Topic:
    """error: why it ended early, in a sentence, or None."""

    name: str
    seconds: float
    error: str | None = None


@dataclasses.dataclass(frozen=True)
class Results:
    """began: in UTC, as in RFC 3339. The rest is as machine.py tells it."""

    began: str
    scale: float
    machine: dict
    versions: dict
    sources: dict
    topics: list[Topic]
    rows: list[Row]

    def row(self, topic: str, name: str) -> Row:
        for row in self.rows:
            if (row.topic, row.name) == (topic, name):
                return row
        raise KeyError(f"there is no row {topic!r}, {name!r}")

    def subject(self, topic: str, row: str, name: str) -> Subject:
        return self.row(topic, row).subject(name)

    @property
    def errors(self) -> list[Topic]:
        return [topic for topic in self.topics if topic.error]


def write(results: Results, path: pathlib.Path) -> None:
    """Whole or not at all: another file of that name stays until this one is complete."""
    found = {"format": FORMAT, **dataclasses.asdict(results), "rows": [figures.encode(row) for row in results.rows]}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(_short_lists(text) + "\n", encoding="utf-8")
    unfinished.replace(path)


def read(path: pathlib.Path) -> Results:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise WrongResults(f"{path} has the format {found['format']}; this program knows {FORMAT}")
        return Results(
            **{name: found[name] for name in ("began", "scale", "machine", "versions", "sources")},
            topics=[Topic(**topic) for topic in found["topics"]], rows=[figures.decode(row) for row in found["rows"]])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError, figures.WrongRow) as why:
        raise WrongResults(f"{path} is not what a run of the benchmark wrote: {type(why).__name__}: {why}") from why


def _short_lists(text: str) -> str:
    """The figures of a metric on one line: a difference between two runs can then be read."""
    return re.sub(r"\[\n([-+\d.eE,\s]+)\]", lambda numbers: f"[{' '.join(numbers[1].split())}]", text)
