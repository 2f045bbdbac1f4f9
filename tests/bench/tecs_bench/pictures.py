"""Which pictures are made of a run's figures."""

import pathlib
from typing import Iterator

from . import bars, decision, growth
from .results import Results
from .svg import Picture
from .topics import TOPICS

TITLES = {"library": "A verification beside OpenSSL and DKIM", "door": "An AUTH command beside Dovecot and TLS",
          "postfix": "A connection to Postfix, with TECS and without", "signer": "Outgoing mail, with the signer and without",
          "store": "Verdicts kept and asked for, beside the bare engines"}


def pictures(results: Results) -> Iterator[tuple[str, Picture]]:
    """Names of files, and pictures. None is made of what was not measured."""
    for topic in dict.fromkeys([*TOPICS, *(row.topic for row in results.rows)]):
        rows = [row for row in results.rows if row.topic == topic and bars.metrics(row)
                and not growth.lines(row) and not decision.points(row)]
        if rows:
            title = TITLES.get(topic, topic)
            picture = Picture(topic, title, _described(rows))
            for row in rows:
                bars.draw(picture, row)
            yield f"{topic}.svg", picture
    panels = growth.panels(results.rows)
    if panels:
        picture = Picture("growth", "What grows, and how fast",
                          growth.described(panels))
        picture.paragraph("A flat line costs the same with ten times as much. Each step is ten times the one before.")
        for before, panel in zip([None, *panels], panels):
            growth.draw(picture, panel, is_first=before is None or (before.topic, before.row) != (panel.topic, panel.row))
        yield "growth.svg", picture
    yield from decision.pictures(results.rows)


def _described(rows: list) -> str:
    return "Horizontal bars. " + " ".join(
        f"{row.name}: " + ", ".join(f"{subject.name} {bars.amount(subject.median(metric), metric)}"
                                    for subject in row.subjects if metric in subject.figures) + "."
        for row in rows for metric in bars.metrics(row))


def write(results: Results, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures(results):
        picture.write(folder / name)
