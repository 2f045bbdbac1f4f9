"""Tries whether a test notices a mutant."""

from __future__ import annotations

import math
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

from build_commands import Build, BuildError

KILLED, OUT_OF_TIME, SURVIVED, REFUSED = "killed", "out of time", "survived", "refused by the compiler"
NOTICED = (KILLED, OUT_OF_TIME)
LEAST_PATIENCE = 120  # seconds, only for those that wait for what never comes: the machine may be busy with other things
LEAST_PROCESSOR_TIME = 4  # seconds
MEMORY = 4 << 30  # octets: a loop without end may also collect something
PATIENCE_UNCHANGED = 300  # seconds
SUITE = re.compile(r"^TEST(?:_F|_P)?\((\w+),", re.MULTILINE)
FAILED = re.compile(r"^\[  FAILED  \] ([^\s,]+)", re.MULTILINE)
PASSED = re.compile(r"^\[  PASSED  \] [1-9]", re.MULTILINE)


@dataclass(frozen=True)
class Trial:
    outcome: str
    by: str = ""  # the test that noticed


def part_of(source: str) -> str:
    """Which folder of tests/unit is a source's own."""
    return "libtecs" if source.startswith("libtecs/") else "policy" if source.startswith("milter/policy/") else "milter"


def programs_for(source: str) -> tuple[str, ...]:
    """The programs of tests that a source's mutants are shown to, one after the other."""
    return {"libtecs": ("libtecs-tests",), "policy": ("policy-tests", "milter-tests"),
            "milter": ("milter-tests",)}[part_of(source)]


def own_suites(root: pathlib.Path, source: str) -> str:
    """A filter for the suites of the source's own tests, which are the likeliest to notice; empty if it has none."""
    tests = root / "tests/unit" / part_of(source) / f"{pathlib.Path(source).stem}_test.cpp"
    names = sorted(set(SUITE.findall(tests.read_text(encoding="utf-8")))) if tests.exists() else []
    return ":".join(f"{name}.*:*/{name}.*" for name in names)


class Trials:
    """Tries mutants of one build's sources. Safe to use from several threads."""

    def __init__(self, build: Build, root: pathlib.Path) -> None:
        self._build = build
        self._root = root.resolve()
        self._patience: dict[str, float] = {}
        self._processor_time: dict[str, int] = {}

    def prepare(self, programs: set[str]) -> None:
        """Runs the programs as they are: all must pass, and how long that takes is the measure for mutants."""
        for program in sorted(programs):
            path = self._build.folder / "bin" / program
            if not path.exists():
                raise BuildError(f"{path} is not there; build it first")
            begin, busy = time.monotonic(), os.times().children_user
            with tempfile.TemporaryDirectory(prefix="tecs-mutant-") as folder:
                trial = self._run(program, path, pathlib.Path(folder), "")
            if trial.outcome != SURVIVED:
                raise BuildError(f"{program}: without any mutant, {trial.by or 'it'} fails ({trial.outcome})")
            self._patience[program] = max(LEAST_PATIENCE, 10 * (time.monotonic() - begin))
            # The measure for loops without end; it does not depend on what else the machine does.
            self._processor_time[program] = max(LEAST_PROCESSOR_TIME, math.ceil(4 * (os.times().children_user - busy)))

    def try_text(self, source: str, text: str) -> Trial:
        """What the tests say of this text in place of the source's."""
        path = self._root / source
        with tempfile.TemporaryDirectory(prefix="tecs-mutant-") as name:
            folder = pathlib.Path(name)
            made = self._build.compile(path, text, folder)
            if made is None or (part_of(source) == "libtecs" and not self._build.link_library(path, made, folder)):
                return Trial(REFUSED)
            for program in programs_for(source):
                tests = self._build.folder / "bin" / program
                if part_of(source) != "libtecs":
                    tests = folder / program
                    if not self._build.link_program(program, made, folder):
                        return Trial(REFUSED)
                for suites in dict.fromkeys((own_suites(self._root, source), "")):
                    if suites and program != programs_for(source)[0]:
                        continue
                    trial = self._run(program, tests, folder, suites)
                    if trial.outcome != SURVIVED:
                        return trial
        return Trial(SURVIVED)

    def _run(self, name: str, program: pathlib.Path, folder: pathlib.Path, suites: str) -> Trial:
        limits = ["prlimit", f"--cpu={self._processor_time.get(name, PATIENCE_UNCHANGED)}", "--core=0"]
        if not self._build.sanitized:
            limits.append(f"--as={MEMORY}")  # sanitizers reserve more than there is
        filters = [f"--gtest_filter={suites}"] if suites else []
        with open(folder / "said", "w+", encoding="utf-8", errors="replace") as said:
            tests = subprocess.Popen(
                [*limits, program, "--gtest_fail_fast", *filters], cwd=folder, stdin=subprocess.DEVNULL, stdout=said,
                stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "LD_LIBRARY_PATH": str(folder), "TMPDIR": str(folder)})
            try:
                code = tests.wait(self._patience.get(name, PATIENCE_UNCHANGED))
            except subprocess.TimeoutExpired:
                return Trial(OUT_OF_TIME)
            finally:
                end_all(tests)
            said.seek(0)
            text = said.read()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return Trial(OUT_OF_TIME)
        failed = FAILED.search(text)
        if code == 0 and not failed and PASSED.search(text):
            return Trial(SURVIVED)
        begun = re.findall(r"^\[ RUN      \] (\S+)", text, re.MULTILINE)
        return Trial(KILLED, failed[1] if failed else begun[-1] if begun else program.name)


def end_all(tests: subprocess.Popen[bytes]) -> None:
    """The tests, and whatever they started and a mutant left behind."""
    try:
        os.killpg(tests.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    tests.wait()
