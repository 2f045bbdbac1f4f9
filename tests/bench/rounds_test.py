#!/usr/bin/env python3
"""Shows that subjects are measured in turns, and that nothing is mixed up."""

import itertools
import unittest

from tecs_bench import rounds
from tecs_bench.rounds import interleave, told_to


class Interleave(unittest.TestCase):
    def measure(self, subjects="abc", **options):
        """The order in which subjects ran, and their figures: the how-manieth measurement of all each was."""
        order, count = [], itertools.count()

        def measurement(name):
            order.append(name)
            return {"wall_us": next(count)}

        figures = interleave({name: lambda name=name: measurement(name) for name in subjects}, **options)
        return "".join(order), figures

    def test_begins_each_round_with_the_next_subject(self):
        order, _ = self.measure(rounds=4, warm_up=0)
        self.assertEqual(order, "abc" "bca" "cab" "abc")

    def test_forgets_the_warm_up(self):
        order, figures = self.measure(rounds=5, warm_up=2)
        self.assertEqual(len(order), 3 * 7)
        self.assertEqual([len(figures[name]["wall_us"]) for name in "abc"], [5, 5, 5])
        self.assertGreaterEqual(min(figures["a"]["wall_us"]), 3 * 2)

    def test_keeps_the_figures_of_a_subject_in_the_order_of_the_rounds(self):
        _, figures = self.measure("ab", rounds=3, warm_up=0)
        self.assertEqual(figures, {"a": {"wall_us": [0, 3, 4]}, "b": {"wall_us": [1, 2, 5]}})

    def test_refuses_a_subject_that_measures_something_else(self):
        metrics = iter(["wall_us", "wall_us", "cpu_us"])
        with self.assertRaises(ValueError):
            interleave({"a": lambda: {next(metrics): 1.0}}, rounds=3, warm_up=1)

    def test_passes_on_what_goes_wrong(self):
        with self.assertRaises(ZeroDivisionError):
            interleave({"a": lambda: {"wall_us": 1 / 0}})


class Progress(unittest.TestCase):
    def setUp(self):
        between, rounds.SECONDS_BETWEEN_LINES = rounds.SECONDS_BETWEEN_LINES, -1.0
        self.addCleanup(setattr, rounds, "SECONDS_BETWEEN_LINES", between)

    def test_is_told(self):
        lines = []
        with told_to(lines.append):
            interleave({"a": lambda: {"wall_us": 1}}, rounds=2, warm_up=1)
        self.assertEqual(lines, ["warming up: a", "round 1 of 2: a", "round 2 of 2: a"])

    def test_is_told_to_nobody_else_afterwards(self):
        lines = []
        with told_to(lines.append):
            pass
        interleave({"a": lambda: {"wall_us": 1}}, rounds=1, warm_up=0)
        self.assertEqual(lines, [])


if __name__ == "__main__":
    unittest.main()
