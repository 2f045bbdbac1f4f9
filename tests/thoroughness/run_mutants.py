"""Makes mutants of the sources and shows each to the tests; see scripts/mutate, which is how people start this.

Usage: run_mutants.py --build FOLDER [--file FILE]... [--jobs N] [--results FILE] [--afresh] [--list | --summary]
"""

from __future__ import annotations

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import sys
import threading
from collections import Counter

import listed_lines
from build_commands import Build, BuildError
from mutant_trial import NOTICED, REFUSED, SURVIVED, Trials, programs_for
from mutants import Mutant, mutants_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
EQUIVALENT = pathlib.Path(__file__).resolve().parent / "equivalent"
# The protocol, and what the receiver decides by; not what only moves octets between it and others.
SOURCES = ("libtecs/core/*.cpp", "milter/policy/*.cpp", *(f"milter/{name}.cpp" for name in (
    "attempt_count", "authentication", "authentication_results", "hidden_clients", "limited_key_source", "lookup_limit",
    "mechanism", "possible_connections", "private_address", "public_addresses", "replay_memory", "session_registry")))
WRONG_USE, NO_SUCH_FILE, UNAVAILABLE, INTERRUPTED = 64, 66, 69, 130

Place = tuple[str, str, str]  # file, line, and what becomes of it


def sources(chosen: list[str]) -> list[str]:
    every = [str(path.relative_to(ROOT)) for pattern in SOURCES for path in sorted(ROOT.glob(pattern))]
    unknown = [name for name in chosen if name not in every]
    if unknown:
        known = "\n  ".join(every)
        print(f"scripts/mutate: no mutants are made of {', '.join(unknown)}; of these they are:\n  {known}", file=sys.stderr)
        sys.exit(NO_SUCH_FILE)
    return chosen or every


def equivalents(path: pathlib.Path = EQUIVALENT) -> dict[Place, str]:
    """The mutants that no test can notice, each with the reason why."""
    entries = listed_lines.read(path, ("file", "line", "becomes", "because"), "becomes")
    return {(entry["file"], entry["line"], entry["becomes"]): entry["because"] for entry in entries}


class Results:
    """What is known of mutants, in a file: a run that was ended goes on where it was."""

    def __init__(self, path: pathlib.Path, afresh: bool) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        if afresh:
            path.unlink(missing_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        whole = text[:text.rfind("\n") + 1]
        if whole != text:  # the machine stopped in the middle of a line
            path.write_text(whole, encoding="utf-8")
        self.known = {entry["key"]: entry for entry in map(json.loads, whole.splitlines())}

    @staticmethod
    def key(source: str, text: str, mutant: Mutant) -> str:
        """Changes with the source."""
        parts = (source, text, str(mutant.begin), str(mutant.end), mutant.replacement)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def add(self, entry: dict[str, object]) -> None:
        with self._lock:
            self.known[str(entry["key"])] = entry
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


class Run:
    """One run over all mutants of some sources."""

    def __init__(self, names: list[str], results: Results) -> None:
        self._texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
        self._results = results
        self._lock = threading.Lock()
        self._done = 0
        self._work = [(name, mutant) for name, text in self._texts.items() for mutant in mutants_of(text)]
        self._equivalent = {place: why for place, why in equivalents().items() if place[0] in self._texts}

    def list(self) -> None:
        for name, mutant in self._work:
            print(f"{name}:{mutant.line}: {mutant.was}\n    becomes: {mutant.becomes}")
        print(f"{len(self._work)} mutants of {len(self._texts)} files")

    def go(self, build: Build, jobs: int) -> None:
        trials = Trials(build, ROOT)
        programs = {program for name in self._texts for program in programs_for(name)}
        trials.prepare(programs)
        # One that was not noticed is tried again only with other tests, and not if it is known to be equivalent.
        tests = {program: hashlib.sha256((build.folder / "bin" / program).read_bytes()).hexdigest()
                 for program in programs}
        threads = concurrent.futures.ThreadPoolExecutor(jobs)
        try:
            for work in [threads.submit(self._try, trials, tests, *work) for work in self._work]:
                work.result()
        finally:
            threads.shutdown(cancel_futures=True)

    def _try(self, trials: Trials, tests: dict[str, str], name: str, mutant: Mutant) -> None:
        shown_to = " ".join(tests[program] for program in programs_for(name))
        key = self._results.key(name, self._texts[name], mutant)
        entry = self._results.known.get(key)
        again = entry and entry["outcome"] == SURVIVED and entry["tests"] != shown_to
        if not entry or (again and (name, mutant.was, mutant.becomes) not in self._equivalent):
            trial = trials.try_text(name, mutant.applied_to(self._texts[name]))
            entry = {"key": key, "file": name, "line": mutant.line, "outcome": trial.outcome, "by": trial.by,
                     "tests": shown_to}
            self._results.add(entry)
        with self._lock:
            self._done += 1
            said = f"{entry['outcome']} {entry['by']}".strip()
            print(f"[{self._done}/{len(self._work)}] {name}:{mutant.line} {said}", file=sys.stderr, flush=True)

    def summary(self) -> bool:
        """Prints what came of it. True if every mutant was noticed or cannot be."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in self._texts}
        wrong, made, noticed = False, set(), {}
        for name, mutant in self._work:
            entry = self._results.known.get(self._results.key(name, self._texts[name], mutant))
            place = (name, mutant.was, mutant.becomes)
            made.add(place)
            outcome = str(entry["outcome"]) if entry else "not tried"
            if place in self._equivalent and outcome == SURVIVED:
                outcome = "equivalent"
            counts[name]["killed" if outcome in NOTICED else outcome] += 1
            if outcome == SURVIVED:
                print(f"\n{outcome}:\nfile: {name}\nline: {mutant.was}\nbecomes: {mutant.becomes}\n"
                      f"(at line {mutant.line})")
            elif place in self._equivalent and outcome in ("equivalent", *NOTICED, REFUSED):
                noticed.setdefault(place, []).append((outcome, mutant.line, str(entry["by"])))
        # A line may stand several times: one of them is enough.
        for place, outcomes in noticed.items():
            if all(outcome != "equivalent" for outcome, _, _ in outcomes):
                wrong = True
                outcome, line, test = outcomes[0]
                print(f"\nlisted as equivalent, but {outcome} {test}:\n  {place[0]}:{line}: {place[2]}")
        for place in self._equivalent.keys() - made:
            wrong = True
            print(f"\nlisted as equivalent, but no such mutant is made:\n  {place[0]}: {place[1]}\n  becomes {place[2]}")
        print_table(counts)
        return not wrong and not any(found[SURVIVED] or found["not tried"] for found in counts.values())


def print_table(counts: dict[str, Counter[str]]) -> None:
    columns = ("killed", "equivalent", SURVIVED, "not tried")
    print(f"\n{'file':44} {'mutants':>8} " + " ".join(f"{column:>10}" for column in columns))
    total: Counter[str] = Counter()
    for name, found in counts.items():
        total.update(found)
    for name, found in (*counts.items(), ("all", total)):
        made = sum(found[column] for column in columns)
        print(f"{name:44} {made:8} " + " ".join(f"{found[column]:10}" for column in columns))
    print(f"{total[REFUSED]} more were refused by the compiler, and do not count.")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/mutate", add_help=False)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--results", type=pathlib.Path)
    parser.add_argument("--afresh", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--summary", action="store_true")
    try:
        chosen = parser.parse_args(arguments)
    except SystemExit:
        return WRONG_USE
    try:
        names = sources(chosen.file)
        run = Run(names, Results(chosen.results or chosen.build / "mutants.jsonl", chosen.afresh))
        if chosen.list:
            run.list()
            return 0
        if not chosen.summary:
            run.go(Build(chosen.build), max(1, chosen.jobs))
        return 0 if run.summary() else 1
    except (BuildError, listed_lines.ListError) as error:
        print(f"scripts/mutate: {error}", file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        print("scripts/mutate: interrupted; the same command goes on from here", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
