"""Runs spin over a variant of the model."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field

FOLDER = pathlib.Path(__file__).resolve().parent
HOLDS = "holds"  # the property that is all those which must hold
DEPTH = 10_000  # steps
MEMORY = 1024  # MB
PATIENCE = 300  # seconds
STEP = re.compile(r"(?:signer|attacker|the_signer|the_attacker|verifier|time): .*")
# What pan says of a search that did not see every state. One that found a counterexample did not, either.
CUT_SHORT = ("Search not completed", "max search depth too small", "out of memory", "reached -DMEMLIM bound",
             "hash-compact", "Bit statespace search")


class SpinError(Exception):
    """The model could not be checked."""


@dataclass(frozen=True)
class Variant:
    name: str
    why: str
    settings: dict[str, object]  # macros of parameters.pml
    holds: tuple[str, ...] = ()  # properties (ltl in properties.pml) that must hold
    broken: dict[str, tuple[str, ...]] = field(default_factory=dict)  # those that must not, with what happens then
    signer_passes: bool = True  # ever

    def source(self) -> str:
        lines = [f"#define {name} {value}" for name, value in self.settings.items()]
        lines.append(f'#include "{FOLDER / "tecs.pml"}"')
        if self.holds:
            lines.append(f"ltl {HOLDS} {{ [] !({' || '.join(f'broken.{name}' for name in self.holds)}) }}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Search:
    violated: bool
    complete: bool  # every state was seen, each in full
    states: int
    seconds: float
    output: str
    steps: tuple[str, ...]  # of the counterexample


class Checker:
    """Spin's programs for one variant, in a folder that is its own."""

    def __init__(self, variant: Variant, folder: pathlib.Path) -> None:
        if not shutil.which("spin"):
            raise SpinError("spin is not installed: apt-get install spin")
        self._folder = folder
        (folder / "variant.pml").write_text(variant.source(), encoding="utf-8")
        self._run("spin", "-a", "variant.pml")

    def search_all(self, claim: str, depth: int = DEPTH) -> Search:
        """Depth first, which has to see the fewest states."""
        self._compile("all", "-O1")  # to optimize more takes longer than it saves
        return self._search("./all", claim, f"-m{depth}")

    def search_shortest(self, claim: str) -> Search:
        """Breadth first: a counterexample is as short as can be. There is no bound on its depth."""
        self._compile("shortest", "-O0", "-DBFS")
        return self._search("./shortest", claim)

    def search_stuck(self) -> Search:
        """For a state in which nothing can go on, and some process has not come to its end."""
        self._compile("stuck", "-O1", "-DNOCLAIM")
        return self._search("./stuck", None, f"-m{DEPTH}")

    def _compile(self, program: str, *options: str) -> None:
        if not (self._folder / program).exists():
            self._run("cc", "-w", "-DSAFETY", f"-DMEMLIM={MEMORY}", *options, "-o", program, "pan.c")

    def _search(self, program: str, claim: str | None, *options: str) -> Search:
        begin = time.monotonic()
        output = self._run(program, "-w21", "-n", *options, *(("-N", claim) if claim else ()))
        seconds = time.monotonic() - begin
        errors = re.search(r"errors: (\d+)$", output, re.MULTILINE)
        states = re.search(r"(\d+) states, stored", output)
        asked = f"never claim         \t+ ({claim})" if claim else "invalid end states\t+"
        if not errors or not states or asked not in output:
            raise SpinError(output)
        complete = "Full statespace search for:" in output and not any(words in output for words in CUT_SHORT)
        violated = errors[1] != "0"
        return Search(violated, complete, int(states[1]), seconds, output, self._steps() if violated else ())

    def _steps(self) -> tuple[str, ...]:
        trail = self._run("spin", "-t", "variant.pml")
        return tuple(line.strip() for line in trail.splitlines() if STEP.fullmatch(line.strip()))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode != 0:
            raise SpinError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr
