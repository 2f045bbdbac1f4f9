"""Runs topics one after the other. One that fails is told of, and the others still run."""

import dataclasses
import importlib
import pathlib
import sys
import tempfile
import time
import traceback
from typing import Callable, Iterator, Sequence, TextIO

from . import figures
from .bench import Bench
from .results import Topic
from .rounds import told_to
from tecs_testing.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Rows that came before an error are there."""

    topic: Topic
    rows: list[figures.Row]


@dataclasses.dataclass(frozen=True)
class Run:
    """package: where the modules of the topics are. disk_folder: below it each topic gets one of its own."""

    programs: pathlib.Path
    disk_folder: pathlib.Path
    scale: float = 1.0
    out: TextIO = sys.stderr
    package: str = f"{__package__}.topics"

    def measure(self, topics: Sequence[str]) -> Iterator[Outcome]:
        start = time.monotonic()
        for name in topics:
            def say(line: str, name: str = name) -> None:
                elapsed = int(time.monotonic() - start)
                print(f"{elapsed // 60:2d}:{elapsed % 60:02d}  {name:8}  {line}", file=self.out, flush=True)
            yield self._measure_one(name, say)

    def _measure_one(self, name: str, say: Callable[[str], None]) -> Outcome:
        start, rows, error = time.monotonic(), [], None
        say("begins")
        try:
            self._rows(name, say, rows)
            if not rows:
                error = "no rows were measured"
        except Exception as problem:  # whatever it is, the other topics are still worth having
            traceback.print_exc(file=self.out)
            error = f"{type(problem).__name__}: {problem}"
        if error:
            say(f"FAILED: {error}")
        return Outcome(Topic(name, round(time.monotonic() - start, 1), error), rows)

    def _rows(self, name: str, say: Callable[[str], None], rows: list[figures.Row]) -> None:
        module = importlib.import_module(f"{self.package}.{name}")
        with (Workspace() as workspace, told_to(say),
              tempfile.TemporaryDirectory(prefix=f"{name}-", dir=self.disk_folder) as disk_folder):
            pathlib.Path(disk_folder).chmod(0o755)
            bench = Bench(self.programs, workspace.path, pathlib.Path(disk_folder), self.scale, say)
            for row in module.measure(bench):
                # As they will be read again: nothing is shown that is not in the file.
                rows.append(figures.decode(figures.encode(row)))
                say(f"measured: {row.name}")
