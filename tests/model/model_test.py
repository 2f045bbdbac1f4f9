"""Each world has the properties that it must have, and lacks those that it must lack; without a guard it lacks more."""

from __future__ import annotations

import os
import pathlib
import re
import tempfile
import unittest
from concurrent.futures import Future, ThreadPoolExecutor

from checker import FOLDER, HOLDS, Checker, Search, Variant
from variants import ALL, MUTANTS, WORLDS

MAY_NOT_BE_STUCK = ("neighbor-untied", "restart", "on-path-tls-checked")


def searches(variant: Variant) -> dict[str, Search]:
    with tempfile.TemporaryDirectory(prefix="tecs-model-") as folder:
        checker = Checker(variant, pathlib.Path(folder))
        found = {name: checker.search_shortest(name) for name in variant.broken}
        if variant.holds:
            found |= {name: checker.search_all(name) for name in ALL if name not in (*variant.holds, *variant.broken)}
            found[HOLDS] = checker.search_all(HOLDS)
            found["signer_never_passes"] = checker.search_all("signer_never_passes")
        if variant.name in MAY_NOT_BE_STUCK:
            found["stuck"] = checker.search_stuck()
        return found


DOCUMENT = (FOLDER.parents[1] / "docs/model.md").read_text(encoding="utf-8")
pool = ThreadPoolExecutor(max_workers=max(2, len(os.sched_getaffinity(0))))
results: dict[str, Future[dict[str, Search]]] = {}


def setUpModule() -> None:
    # Those that take longest are not the last.
    for variant in sorted((*WORLDS, *MUTANTS), key=lambda variant: not variant.holds):
        results[variant.name] = pool.submit(searches, variant)


def tearDownModule() -> None:
    pool.shutdown(cancel_futures=True)


def text_of(steps: tuple[str, ...]) -> str:
    return "".join(f"\n    {step}" for step in steps)


class ModelTestCase(unittest.TestCase):
    def assert_happens(self, expected: tuple[str, ...], steps: tuple[str, ...]) -> None:
        """All of it, in this order, with whatever else between."""
        rest = iter(steps)
        for words in expected:
            if not any(re.search(words, step) for step in rest):
                self.fail(f"{words!r} is not there, or not in its place:{text_of(steps)}")

    def check(self, variant: Variant) -> None:
        found = results[variant.name].result()
        for name in found.keys() & set(ALL):
            with self.subTest(name):
                self.assertTrue(found[name].violated, f"spin finds no way to break it:\n{found[name].output}")
        for name, expected in variant.broken.items():
            with self.subTest(name):
                print(f"{variant.name}: {name} is broken:{text_of(found[name].steps)}", flush=True)
                self.assertTrue(expected, "nobody has said what has to happen")
                self.assert_happens(expected, found[name].steps)
        if variant.holds:
            search = found[HOLDS]
            print(f"{variant.name}: {search.states} states, {search.seconds:.1f} s", flush=True)
            self.assertFalse(search.violated, f"not all hold of {variant.holds}:{text_of(search.steps)}")
            self.assertTrue(search.complete, search.output)
            (row,) = re.findall(rf"^\| `{variant.name}`: .*", DOCUMENT, re.MULTILINE)
            self.assertIn(f" {search.states:,} |", row, "docs/model.md has another number")
            # Or else what holds might hold because nobody ever passes.
            self.assertEqual(found["signer_never_passes"].violated, variant.signer_passes)
        if "stuck" in found:
            self.assertFalse(found["stuck"].violated, text_of(found["stuck"].steps))
            self.assertTrue(found["stuck"].complete, found["stuck"].output)


class Worlds(ModelTestCase):
    """What is guaranteed where, and what is not."""


class WithoutAGuard(ModelTestCase):
    """Each guard is there for something, and the checker would see that it is missing."""


def add_tests(case: type[ModelTestCase], variants: tuple[Variant, ...]) -> None:
    for variant in variants:
        def test(self: ModelTestCase, variant: Variant = variant) -> None:
            self.check(variant)
        test.__doc__ = variant.why
        setattr(case, f"test_{variant.name.replace('-', '_')}", test)


add_tests(Worlds, WORLDS)
add_tests(WithoutAGuard, MUTANTS)


class TheChecksThemselves(unittest.TestCase):
    def test_names_are_used_once(self):
        names = [variant.name for variant in (*WORLDS, *MUTANTS)]
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual(set(MAY_NOT_BE_STUCK), set(names))

    def test_each_property_holds_somewhere_and_can_be_broken(self):
        text = (FOLDER / "properties.pml").read_text(encoding="utf-8")
        self.assertEqual({*ALL, "signer_never_passes"}, set(re.findall(r"^ltl (\w+)", text, re.MULTILINE)))
        self.assertEqual(set(ALL), {name for variant in WORLDS for name in variant.holds})
        self.assertEqual(set(ALL), {name for variant in (*WORLDS, *MUTANTS) for name in variant.broken})

    def test_each_parameter_is_used_and_each_guard_taken_out(self):
        text = (FOLDER / "parameters.pml").read_text(encoding="utf-8")
        world, guards = (re.findall(r"^#ifndef (\w+)", part, re.MULTILINE) for part in text.split("// Guards"))
        self.assertEqual(set(world), {name for variant in WORLDS for name in variant.settings})
        taken_out = {name for variant in MUTANTS for name in variant.settings} - set(world)
        self.assertEqual(set(guards), taken_out)

    def test_a_search_that_was_cut_short_is_noticed(self):
        (world,) = (variant for variant in WORLDS if variant.name == "nat")
        with tempfile.TemporaryDirectory(prefix="tecs-model-") as folder:
            checker = Checker(world, pathlib.Path(folder))
            self.assertFalse(checker.search_all(HOLDS, depth=20).complete)
            self.assertTrue(checker.search_all(HOLDS).complete)


if __name__ == "__main__":
    unittest.main()
