#!/usr/bin/env python3
"""Shows what rows, subjects and budgets are, and which rows are refused."""

import dataclasses
import unittest

from made_up import connection_row, store_row, subject
from tecs_bench.figures import Budget, Row, Subject, WrongRow, decode, encode

FIVE = [1.0, 2.0, 3.0, 4.0, 5.0]


def row(subjects=None, budgets=()):
    return Row("library", "a row", subjects if subjects is not None else [subject("TECS", cpu_us=10)], list(budgets))


class Budgets(unittest.TestCase):
    def test_is_a_ratio_of_medians(self):
        judgement = connection_row().judgements()[0]
        self.assertAlmostEqual(judgement.measured, 1.05)
        self.assertTrue(judgement.met)

    def test_is_missed_above_the_limit(self):
        judgement = connection_row().judgements()[1]
        self.assertAlmostEqual(judgement.measured, 0.84)
        self.assertFalse(judgement.met)

    def test_is_against_the_sum_of_several(self):
        judgement = row([subject("TECS", cpu_us=30), subject("a", cpu_us=5), subject("b", cpu_us=15)],
                        [Budget("TECS", "cpu_us", 1.5, ["a", "b"], "here")]).judgements()[0]
        self.assertEqual((judgement.floor, judgement.measured, judgement.met), (20, 1.5, True))

    def test_is_the_figure_itself_without_others(self):
        budgets = [Budget("TECS", "cpu_us", limit, None, "here") for limit in (9.9, 10.0)]
        self.assertEqual([judgement.met for judgement in row(budgets=budgets).judgements()], [False, True])

    def test_is_what_must_be_reached_where_more_is_better(self):
        self.assertTrue(store_row().judgements()[0].met)
        too_few = [subject("TECS", per_second=79), subject("bare", per_second=100)]
        self.assertFalse(row(too_few, [Budget("TECS", "per_second", 0.8, ["bare"], "here")]).judgements()[0].met)

    def test_takes_the_median_and_not_the_mean(self):
        self.assertEqual(Subject("TECS", "so", {"cpu_us": [1.0, 1.0, 3.0, 100.0, 100.0]}).median("cpu_us"), 3.0)


class WrongRows(unittest.TestCase):
    ROWS = {
        "no subjects": lambda: row([]),
        "two subjects of one name": lambda: row([subject("TECS", cpu_us=1), subject("TECS", cpu_us=2)]),
        "no configuration": lambda: row([Subject("TECS", "", {"cpu_us": FIVE})]),
        "no figures": lambda: row([Subject("TECS", "so", {})]),
        "four rounds": lambda: row([Subject("TECS", "so", {"cpu_us": FIVE[:4]})]),
        "a figure that is no number": lambda: row([Subject("TECS", "so", {"cpu_us": FIVE + [float("nan")]})]),
        "a metric without unit": lambda: row([Subject("TECS", "so", {"cpu": FIVE})]),
        "a budget of somebody who is not there": lambda: row(budgets=[Budget("Tecs", "cpu_us", 1, None, "here")]),
        "a budget against somebody who is not there": lambda: row(budgets=[Budget("TECS", "cpu_us", 1, ["x"], "here")]),
        "a budget for what was not measured": lambda: row(budgets=[Budget("TECS", "wall_us", 1, None, "here")]),
    }

    def test_are_refused(self):
        for name, make in self.ROWS.items():
            with self.subTest(name), self.assertRaises(WrongRow):
                make()

    def test_a_floor_of_nothing_is_refused(self):
        free = row([subject("TECS", cpu_us=1), subject("free", cpu_us=0)], [Budget("TECS", "cpu_us", 1, ["free"], "here")])
        with self.assertRaises(WrongRow):
            free.judgements()


class Encoding(unittest.TestCase):
    def test_comes_back(self):
        self.assertEqual(decode(encode(connection_row())), connection_row())

    def test_keeps_six_digits(self):
        measured = Row("library", "a row", [Subject("TECS", "so", {"cpu_us": [1 / 3] * 5})])
        self.assertEqual(decode(encode(measured)).subjects[0].figures["cpu_us"], [0.333333] * 5)

    def test_refuses_what_is_no_row(self):
        encoded = encode(connection_row())
        encoded["subjects"][0]["figures"]["cpu_us"] = [1.0]
        with self.assertRaises(WrongRow):
            decode(encoded)

    def test_has_every_field(self):
        self.assertEqual(set(encode(store_row())), {field.name for field in dataclasses.fields(Row)})


if __name__ == "__main__":
    unittest.main()
