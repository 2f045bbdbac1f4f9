#!/usr/bin/env python3
"""Holds that the tests reach the core of libtecs; see scripts/coverage, which is how people start this.

Usage: core_coverage.py ROOT REPORT LINES BRANCHES. REPORT is what gcovr wrote (--json), LINES names every line that no test
reaches, with the reason, and BRANCHES every line that is reached and has a branch that no test takes. Prints what is reached of
each file of the core, and in sum of the parts beside it, then what is wrong: too little of the core, a line that is not in its
list, or one in a list that does not belong there any more. Exits 1 if there is such.
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
from dataclasses import dataclass, field

import listed_lines

LEAST_LINES, LEAST_BRANCHES = 95.0, 90.0  # per cent, of the core
# What is the core: its sources, and its public headers, which have code as well.
PARTS = (("core", re.compile(r"libtecs/(?:core/.*|include/tecs/[^/]*)")),
         ("adapters", re.compile(r"libtecs/(?:adapters/.*|include/tecs/adapters/.*)")),
         ("c_api", re.compile(r"libtecs/c_api/.*")))


@dataclass
class Reached:
    lines: int = 0
    lines_reached: int = 0
    branches: int = 0
    branches_reached: int = 0
    unreached: list[int] = field(default_factory=list)  # their numbers
    with_unreached_branch: list[int] = field(default_factory=list)  # likewise, of lines that are reached

    def add(self, other: Reached) -> None:
        self.lines += other.lines
        self.lines_reached += other.lines_reached
        self.branches += other.branches
        self.branches_reached += other.branches_reached

    def row(self, name: str) -> str:
        lines = f"{self.lines_reached:5} of {self.lines:5} {percent(self.lines_reached, self.lines):6.1f} %"
        branches = f"{self.branches_reached:5} of {self.branches:5} {percent(self.branches_reached, self.branches):6.1f} %"
        return f"{name:44} {lines} {branches}"


def percent(reached: int, of: int) -> float:
    return 100.0 * reached / of if of else 100.0


def reached_of(file: dict) -> Reached:
    """Counts one file of the report."""
    found = Reached()
    for line in file["lines"]:
        if line["gcovr/noncode"] or line.get("gcovr/excluded"):
            continue
        found.lines += 1
        found.lines_reached += line["count"] > 0
        found.branches += len(line["branches"])
        found.branches_reached += sum(branch["count"] > 0 for branch in line["branches"])
        if line["count"] == 0:
            found.unreached.append(line["line_number"])
        elif any(branch["count"] == 0 for branch in line["branches"]):
            found.with_unreached_branch.append(line["line_number"])
    return found


def parts_of(report: dict) -> dict[str, dict[str, Reached]]:
    """By part and file."""
    parts: dict[str, dict[str, Reached]] = {name: {} for name, _ in PARTS}
    for file in report["files"]:
        for name, pattern in PARTS:
            if pattern.fullmatch(file["file"]):
                parts[name][file["file"]] = reached_of(file)
    return parts


def sum_of(files: dict[str, Reached]) -> Reached:
    total = Reached()
    for found in files.values():
        total.add(found)
    return total


def texts_of(root: pathlib.Path, name: str, numbers: list[int]) -> list[str]:
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    return [" ".join(lines[number - 1].split()) for number in numbers]


Entries = list[dict[str, str]]


def wrong_in_list(root: pathlib.Path, numbers: dict[str, list[int]], entries: Entries, what: str, otherwise: str):
    """What the list lacks, and what it has and should not. numbers: of the lines that belong into it."""
    listed = {(entry["file"], entry["line"]) for entry in entries}
    met = set()
    for name, lines in numbers.items():
        for number, text in zip(lines, texts_of(root, name, lines)):
            met.add((name, text))
            if (name, text) not in listed:
                yield f"{name}:{number}: {what}, and it is not in the list: {text}"
    for name, text in sorted(listed - met):
        yield f"{name}: in the list, but {otherwise} or it is gone: {text}"


def wrong(root: pathlib.Path, report: dict, lines: Entries, branches: Entries):
    core = parts_of(report)["core"]
    if not any(name.startswith("libtecs/core/") for name in core):
        yield "the report has no file of libtecs/core"
        return
    total = sum_of(core)
    for what, reached, least in (("lines", percent(total.lines_reached, total.lines), LEAST_LINES),
                                 ("branches", percent(total.branches_reached, total.branches), LEAST_BRANCHES)):
        if reached < least:
            yield f"the tests reach {reached:.1f} % of the {what} of the core; at least {least:.0f} % are wanted"
    yield from wrong_in_list(root, {name: found.unreached for name, found in core.items()}, lines,
                             "no test reaches it", "a test reaches it")
    yield from wrong_in_list(root, {name: found.with_unreached_branch for name, found in core.items()}, branches,
                             "a branch of it is taken by no test", "all its branches are taken")


def main(arguments: list[str]) -> int:
    root, report_file, lines_file, branches_file = map(pathlib.Path, arguments)
    report = json.loads(report_file.read_text(encoding="utf-8"))
    parts = parts_of(report)
    print(f"{'reached':44} {'lines':>23} {'branches':>23}")
    for name, found in parts["core"].items():
        print(found.row(name))
    for name, files in parts.items():
        print(sum_of(files).row(f"all of {name}"))
    lines, branches = (listed_lines.read(file, ("file", "line", "because"), "line") for file in (lines_file, branches_file))
    found = list(wrong(root, report, lines, branches))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
