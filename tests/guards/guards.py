#!/usr/bin/env python3
"""Takes each guard of guards.json out of the product, one at a time, and demands that the test which it names fails.

Usage: guards.py ROOT --check              only look whether each guard is in its file, once, each test there is, and the pages
                                           about testing name these guards and no others
       guards.py ROOT BUILD [NAME]...      take them out: all, or those that are named; BUILD is a folder of ours

A guard is a piece of a source (text) and what stands there without it (instead). Its tests are those of the integration tests,
module.Class.test_name, or of the unit tests, part-tests:Suite.Name as for --gtest_filter. Exits 1 when a test passes without
its guard, or when a guard is not where it was.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "house"))
from named_tests import PAGES, cpp_tests, python_tests, rows_of_tests  # noqa: E402

PROGRAMS = ["tecs-milter", "tecs-signer", "tecs-command"]
LONGEST_TEST = 600  # seconds


@dataclass(frozen=True)
class Guard:
    name: str
    file: str
    text: str
    instead: str
    test: str

    def without(self, source: str) -> str:
        return source.replace(self.text, self.instead)

    def is_unit_test(self) -> bool:
        return ":" in self.test


def read_guards(root: pathlib.Path) -> list[Guard]:
    return [Guard(**each) for each in json.loads((root / "tests/guards/guards.json").read_text(encoding="utf-8"))]


def misplaced(root: pathlib.Path, guards: list[Guard]):
    """What is wrong with the list itself."""
    names = [guard.name for guard in guards]
    yield from (f"{name}: stands twice" for name in sorted(set(names)) if names.count(name) > 1)
    for guard in guards:
        path = root / guard.file
        count = path.read_text(encoding="utf-8").count(guard.text) if path.exists() else 0
        if count != 1:
            yield f"{guard.name}: its text is {count} times in {guard.file}"
        if guard.text == guard.instead:
            yield f"{guard.name}: nothing is taken out"
        if not is_test(root, guard):
            yield f"{guard.name}: there is no test {guard.test}"


def is_test(root: pathlib.Path, guard: Guard) -> bool:
    if guard.is_unit_test():
        # With what a table of values puts before and behind, or an asterisk in its place.
        declared = re.fullmatch(r"[\w-]+-tests:(?:\*|\w+/)?(\w+)\.(\w+)(?:\*|/\w+)?", guard.test)
        found = cpp_tests(root)
        return declared is not None and any(suite.endswith(declared[1]) and name == declared[2] for suite, name in found)
    module, case, test = (guard.test.split(".") + ["", ""])[:3]
    names = python_tests(root, module).get(case)
    return names is not None and (not test or test in names)


def differences_to_pages(root: pathlib.Path, guards: list[Guard]):
    """The last column of a table with tests names guards."""
    names = {guard.name for guard in guards}
    text = "".join(page.read_text(encoding="utf-8") for page in sorted(root.glob(PAGES)))
    in_rows = {name for row in rows_of_tests(text) for name in re.findall(r"`([a-z0-9-]+)`", row.rstrip("| ").split("|")[-1])}
    yield from (f"{name}: no page about testing has it in a table" for name in sorted(names - in_rows))
    yield from (f"{name}: a page names it, the list does not" for name in sorted(in_rows - names))


class Attempt:
    """A copy of the sources in which one guard at a time is missing, and its build."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path):
        self._sources = folder / "sources"
        self._build = self._sources / "build"  # where ccache knows it from
        self._environment = {**os.environ, "CCACHE_BASEDIR": str(self._sources), "CCACHE_NOHASHDIR": "yes"}
        folder.mkdir(parents=True, exist_ok=True)
        for old in [] if not self._sources.exists() else self._sources.iterdir():
            if old != self._build:
                shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        # With the time of now: a source that is older than what was compiled here in an earlier run may be another all the same.
        shutil.copytree(root, self._sources, symlinks=True, dirs_exist_ok=True, copy_function=shutil.copy,
                        ignore=shutil.ignore_patterns("build", "build-*", ".git"))
        # As the preset release has it, so that ccache knows what was compiled for build/.
        self._run(["cmake", "-S", self._sources, "-B", self._build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                   "-DTECS_WARNINGS_AS_ERRORS=ON", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"])

    def _run(self, command: list[object]) -> None:
        done = subprocess.run([str(word) for word in command], env=self._environment, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")

    def passes_with_all(self, guard: Guard) -> bool:
        """A test that fails anyway notices nothing."""
        self._make(guard)
        return self._passes(guard)

    def notices(self, guard: Guard) -> bool:
        """True: the test fails without the guard."""
        path = self._sources / guard.file
        whole = path.read_text(encoding="utf-8")
        path.write_text(guard.without(whole), encoding="utf-8")
        try:
            self._make(guard)
            return not self._passes(guard)
        finally:
            path.write_text(whole, encoding="utf-8")

    def _make(self, guard: Guard) -> None:
        targets = [guard.test.split(":")[0]] if guard.is_unit_test() else PROGRAMS
        self._run(["cmake", "--build", self._build, "--target", *targets])

    def _passes(self, guard: Guard) -> bool:
        if guard.is_unit_test():
            program, name = guard.test.split(":")
            command = [self._build / "bin" / program, f"--gtest_filter={name}"]
        else:
            command = [sys.executable, "-B", "-m", "tecs_testing.isolation", "unittest", guard.test]
        try:
            done = subprocess.run([str(word) for word in command], cwd=self._sources / "tests/integration", check=False,
                                  env={**self._environment, "TECS_BIN": str(self._build / "bin")}, timeout=LONGEST_TEST,
                                  capture_output=True)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def main(arguments: list[str]) -> int:
    root = pathlib.Path(arguments[0]).resolve()
    guards = read_guards(root)
    wrong = [*misplaced(root, guards), *differences_to_pages(root, guards)]
    if wrong or arguments[1] == "--check":
        print("\n".join(wrong))
        return 1 if wrong else 0
    chosen = [guard for guard in guards if not arguments[2:] or guard.name in arguments[2:]]
    attempt = Attempt(root, pathlib.Path(arguments[1]).resolve())
    for guard in {guard.test: guard for guard in chosen}.values():
        if not attempt.passes_with_all(guard):
            print(f"{guard.test} fails with all guards in place")
            return 1
    unnoticed = 0
    for number, guard in enumerate(chosen, 1):
        begin = time.monotonic()
        noticed = attempt.notices(guard)
        unnoticed += not noticed
        print(f"[{number}/{len(chosen)}] {guard.name}: {'noticed' if noticed else 'NOT NOTICED'} by {guard.test} "
              f"({time.monotonic() - begin:.0f} s)", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} were noticed")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
