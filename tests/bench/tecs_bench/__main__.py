"""Measures TECS beside what people use today; scripts/bench builds and runs this.

    python3 -m tecs_bench --programs ../../build/bin --topic library --topic door
    python3 -m tecs_bench --from ../../docs/figures/performance.json

Measures in name spaces of its own (tecs_testing.isolation), and needs root for that.
"""

import argparse
import datetime
import os
import pathlib
import signal
import sys

from . import INTEGRATION_TESTS, results
from .machine import machine, sources, versions
from .outputs import CannotShow, look_at, show
from .places import DISK_FOLDER, places_of_a_run
from .results import Results
from .run import Run
from .topics import TOPICS
from tecs_testing import isolation
from tecs_testing.workspace import PARENT_FOLDER

# sysexits.h, and what a shell says of a program that ended by SIGINT
OK, USAGE, NO_INPUT, SOFTWARE, CANNOT_CREATE, NO_PERMISSION, INTERRUPTED = 0, 64, 66, 70, 73, 77, 130


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tecs_bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--programs", type=pathlib.Path, help="bin/ of a Release build with tests")
    parser.add_argument("--from", dest="made", type=pathlib.Path, help="measure nothing, show what this file has")
    parser.add_argument("--topic", action="append", choices=TOPICS, help="only this one; may stand several times")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of everything to do (1.0)")
    parser.add_argument("--json", type=pathlib.Path, help="where to write all figures")
    parser.add_argument("--pictures", type=pathlib.Path, help="the folder for pictures")
    parser.add_argument("--document", type=pathlib.Path, action="append", default=[], help="whose figures to replace")
    parser.add_argument("--look-only", action="store_true", help="see whether all can be written, and end")
    try:
        given = parser.parse_args(words)
        if (given.made is None) == (given.programs is None):
            parser.error("one of --programs and --from is needed")
        if not 0 < given.scale <= 1:
            parser.error("--scale is more than 0, and at most 1")
    except SystemExit as end:
        sys.exit(USAGE if end.code else OK)
    return given


def outside(given: argparse.Namespace) -> int:
    """Starts this program again, in name spaces of its own, and removes what it made outside of them."""
    if os.geteuid() != 0:
        print("tecs_bench: needs root, for name spaces and control groups", file=sys.stderr)
        return NO_PERMISSION
    if not given.programs.is_dir():
        print(f"tecs_bench: there is no folder {given.programs}", file=sys.stderr)
        return NO_INPUT
    sys.argv = ["isolation", __package__, *sys.argv[1:]]
    with places_of_a_run():
        return isolation.main()


def end_once(*_signal: object) -> None:
    """What ends the run must not interrupt its end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    raise KeyboardInterrupt


def measured(given: argparse.Namespace) -> Results:
    programs = given.programs.resolve()
    os.environ["TECS_BIN"] = str(programs)
    began = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    run = Run(programs, pathlib.Path(os.environ[DISK_FOLDER]), given.scale)
    outcomes = list(run.measure(given.topic or TOPICS))
    return Results(began, given.scale, machine(), versions(programs), sources(),
                   [outcome.topic for outcome in outcomes], [row for outcome in outcomes for row in outcome.rows])


def main() -> int:
    given = arguments(sys.argv[1:])
    try:
        look_at(given.json, given.pictures, given.document)
    except CannotShow as why:
        print(f"tecs_bench: {why}", file=sys.stderr)
        return CANNOT_CREATE
    if given.look_only:
        return OK
    if given.programs and PARENT_FOLDER not in os.environ:
        return outside(given)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end_once)
    try:
        found = results.read(given.made) if given.made else measured(given)
        show(found, given.json, given.pictures, given.document)
    except KeyboardInterrupt:
        print("tecs_bench: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (results.WrongResults, FileNotFoundError) as why:
        print(f"tecs_bench: {why}", file=sys.stderr)
        return NO_INPUT
    except (CannotShow, OSError) as why:
        print(f"tecs_bench: {why}", file=sys.stderr)
        return CANNOT_CREATE
    for topic in found.errors:
        print(f"tecs_bench: {topic.name} failed: {topic.error}", file=sys.stderr)
    return SOFTWARE if found.errors else OK


if __name__ == "__main__":
    sys.exit(main())
