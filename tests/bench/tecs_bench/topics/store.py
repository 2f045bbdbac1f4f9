"""The verdict store: batches of verdicts and people's questions, beside the engines by themselves."""

import contextlib
import dataclasses
import sqlite3
import subprocess
import time
from typing import Callable, Iterator

from ..bench import Bench
from ..figures import Budget, Row, Subject
from ..postgresql_server import PostgresqlServer
from ..rounds import interleave

BATCH = 1000
# As many as wait to be added to the counts (verdicts/batch_counting.hpp), so that each round adds them once.
BATCHES = 128
VERDICTS = 10_000_000
# As many as there can be before the writer adds them.
WAITING = BATCHES - 1
# Each of the frame's rows has so many; the same size is not measured again.
VALUES = 5

SQLITE = f"SQLite {sqlite3.sqlite_version}, file on disk, journal_mode WAL, synchronous FULL, cache_size 16 MB"
SAME_TABLE = "the same table with the same indices: by id, by time, by domain and time"
# Bare engines answer these within a minute, ten million rows long, only from an index that has all they need.
COVERED = "summary by domain"
NOT_ASKED_OF_ROWS = ("summary by organizational domain",)


@dataclasses.dataclass(frozen=True)
class Engine:
    name: str
    configuration: str
    place: Callable[[str], str]  # the store of this name
    server_seconds: Callable[[], float]


def measure(bench: Bench) -> Iterator[Row]:
    bench.peer("/usr/bin/psql", "postgresql-client")
    with PostgresqlServer(bench.disk_folder / "p") as server:
        engines = [Engine("SQLite", SQLITE, lambda name: f"sqlite:{bench.disk_folder}/{name}.db", lambda: 0.0),
                   Engine("PostgreSQL", server.configuration, server.uri, server.time.seconds)]
        for name in ("written", "bare", "small", "bulk", "hundredth", "tenth", "whole"):
            server.make_database(name)
        check_bulk(bench, engines)
        for engine in engines:
            yield written(bench, engine)
        yield from asked(bench, engines)


def check_bulk(bench: Bench, engines: list[Engine]) -> None:
    """Stores that are filled in bulk answer as those that the writer filled, on both engines."""
    for engine in engines:
        run(bench, "verdict-fill", "writer", engine.place("small"), "5000")
        run(bench, "verdict-fill", "bulk", engine.place("bulk"), "5000")
        run(bench, "verdict-fill", "compare", engine.place("small"), engine.place("bulk"))
    run(bench, "verdict-fill", "compare", *(engine.place("bulk") for engine in engines))


def written(bench: Bench, engine: Engine) -> Row:
    store, bare = f"TECS on {engine.name}", f"{engine.name} alone"
    by_hand = "INSERT, prepared once" if engine.name == "SQLite" else "COPY of rows that are formatted already"
    figures = interleave({store: Writing(bench, "store", engine.place("written"), engine),
                          bare: Writing(bench, "raw", engine.place("bare"), engine)})
    return Row(
        "store", f"write batches of 1,000 verdicts, {engine.name}",
        [Subject(store, f"{engine.configuration}; all counts kept", figures[store]),
         Subject(bare, f"{engine.configuration}; {SAME_TABLE}; {by_hand}, a transaction a batch; nothing counted", figures[bare])],
        [Budget(store, "per_second", 0.8, [bare], "DESIGN 8")],
        "Half of the connections are signed, by 5,000 domains that all send the same: some 500 of them in each batch. "
        "Each round adds the counts of 128 batches to the tables once.")


def asked(bench: Bench, engines: list[Engine]) -> Iterator[Row]:
    """The stores are filled, on both engines at the same time, and then asked."""
    counts = {name: bench.count(VERDICTS // share, 1000) for name, share in (("hundredth", 100), ("tenth", 10), ("whole", 1))}
    for name, count in counts.items():
        start = time.monotonic()
        sizes = fill(bench, engines, name, count)
        bench.say(f"{count:,} verdicts in both engines, in {time.monotonic() - start:.0f} s")
        if name == "whole":
            yield on_disk(bench, engines, count, sizes)
    with contextlib.ExitStack() as stack:
        asking = {engine.name: {name: stack.enter_context(Asking(bench, engine, name, count))
                                for name, count in counts.items()} for engine in engines}
        yield growth(bench, engines, counts, asking)
        for question in (COVERED, *NOT_ASKED_OF_ROWS, "hours of a week", "one domain by day", "top domains of a week",
                         "newest 100 that failed", "one verdict by id", "last ten that arrived"):
            yield answered(bench, question, engines, counts["whole"], {name: stores["whole"] for name, stores in asking.items()})


def fill(bench: Bench, engines: list[Engine], name: str, count: int) -> list[int]:
    """The octets on disk of each, before the bare engine gets an index more."""
    sizes = []
    with contextlib.ExitStack() as stack:
        programs = []
        for engine in engines:
            shell = '"$0" bulk "$1" "$2" && "$0" batches "$1" "$3" && "$0" size "$1" && "$0" index "$1"'
            words = [str(bench.program("verdict-fill")), engine.place(name), str(count), str(waiting(bench))]
            program = subprocess.Popen(["/bin/sh", "-c", shell, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       text=True)
            stack.callback(program.wait)
            stack.callback(program.kill)
            programs.append(program)
        for program in programs:
            size, complaint = program.communicate()
            if program.returncode != 0:
                raise RuntimeError(f"verdict-fill: {complaint}")
            sizes.append(int(size))
    return sizes


def waiting(bench: Bench) -> int:
    return bench.count(WAITING)


def asked_store(bench: Bench, engine: Engine) -> str:
    return f"{engine.configuration}; {waiting(bench)} batches of 1,000 verdicts more wait to be added to the counts"


def on_disk(bench: Bench, engines: list[Engine], count: int, sizes: list[int]) -> Row:
    verdicts = count + waiting(bench) * BATCH
    return Row("store", f"space on disk, {count:,} verdicts",
               [Subject(f"TECS on {engine.name}", asked_store(bench, engine), {"bytes": [size / verdicts] * VALUES})
                for engine, size in zip(engines, sizes)],
               note="A verdict, with all tables, indices and counts of ninety days; half of the connections are signed, with "
                    "Ed25519, by 5,000 domains. Measured once, of a store that was filled in bulk: the pages of one that grew "
                    "are less full.")


def growth(bench: Bench, engines: list[Engine], counts: dict[str, int], asking: dict) -> Row:
    subjects = {f"{count:,} verdicts on {engine.name}": (engine, asking[engine.name][name])
                for engine in engines for name, count in counts.items()}
    figures = interleave({name: lambda one=one: one.ask("store", COVERED) for name, (_, one) in subjects.items()})
    return Row("store", "growth: summary by domain",
               [Subject(name, asked_store(bench, engine), figures[name]) for name, (engine, _) in subjects.items()],
               note="Ninety days each: what is read grows with months, domains and receivers, not with verdicts.")


def answered(bench: Bench, question: str, engines: list[Engine], count: int, asking: dict) -> Row:
    subjects, figures, budgets = [], {}, []
    for engine in engines:
        store, bare = f"TECS on {engine.name}", f"{engine.name} alone"
        one = asking[engine.name]
        measured = {store: lambda one=one: one.ask("store", question)}
        if question not in NOT_ASKED_OF_ROWS:
            measured[bare] = lambda one=one: one.ask("raw", question)
        figures |= interleave(measured)
        subjects.append(Subject(store, asked_store(bench, engine), figures[store]))
        if bare in measured:
            index = ", and one that covers the question" if question == COVERED else ""
            subjects.append(Subject(bare, f"{engine.configuration}; {SAME_TABLE}{index}", figures[bare]))
        if question == COVERED:
            budgets.append(Budget(store, "wall_us", 100_000, None, "DESIGN 8"))
    return Row("store", f"{question}, {count:,} verdicts", subjects, budgets)


class Writing:
    """Writes so many batches at each call, each time the ones after those of the last."""

    def __init__(self, bench: Bench, kind: str, place: str, engine: Engine):
        self._bench, self._kind, self._place, self._engine = bench, kind, place, engine
        self._batches = bench.count(BATCHES)
        self._first = 0

    def __call__(self) -> dict[str, float]:
        before = self._engine.server_seconds()
        answer = run(self._bench, "verdict-store-bench", self._kind, self._place, str(self._first), str(self._batches))
        wall, processor = map(int, answer.split())
        verdicts = self._batches * BATCH
        self._first += verdicts
        return {"per_second": verdicts / wall * 1e6,
                "cpu_us": (processor + (self._engine.server_seconds() - before) * 1e6) / verdicts}


class Asking:
    """A program that has a store open and answers questions. Use as a context manager."""

    def __init__(self, bench: Bench, engine: Engine, name: str, count: int):
        self._engine = engine
        self._program = subprocess.Popen([bench.program("verdict-query-bench"), engine.place(name), str(count)],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Asking":
        return self

    def __exit__(self, *_exception) -> None:
        self._program.stdin.close()
        self._program.stdout.close()
        self._program.wait()

    def ask(self, whom: str, question: str) -> dict[str, float]:
        before = self._engine.server_seconds()
        self._program.stdin.write(f"{whom} {question}\n")
        self._program.stdin.flush()
        answer = self._program.stdout.readline().split()
        if len(answer) != 3 or int(answer[2]) == 0:
            raise RuntimeError(f"no answer to {whom} {question}: {answer}")
        server = (self._engine.server_seconds() - before) * 1e6
        return {"wall_us": float(answer[0]), "cpu_us": float(answer[1]) + server}


def run(bench: Bench, program: str, *words: str) -> str:
    done = subprocess.run([bench.program(program), *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{program} {' '.join(words)}: {done.stderr}")
    return done.stdout
