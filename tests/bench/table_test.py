#!/usr/bin/env python3
"""Shows what the table has, and how figures are written."""

import unittest

from made_up import connection_row, results
from tecs_bench.shown import amount, number, power_of_ten, unit, what
from tecs_bench.table import table


class Table(unittest.TestCase):
    def lines(self, **options):
        return table(results(**options)).splitlines()

    def line(self, *words):
        found = [line for line in self.lines() if all(word in line for word in words)]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_the_ratio_stands_first(self):
        self.assertRegex(self.line("CPU time", "OpenDKIM milter", ".."),
                         r"^ +0\.84 +2,500 µs +2,425 \.\. 2,550  CPU time +OpenDKIM milter$")

    def test_the_first_one_has_no_ratio(self):
        self.assertRegex(self.line(" CPU time ", "TECS, monitor", " .. "), r"^ +2,100 µs +2,037 \.\. 2,142  CPU time +TECS, monitor$")

    def test_each_budget_is_met_or_missed(self):
        self.assertIn("budget met: TECS, monitor, CPU time: 1.05 of say-yes auth + least no-op milter; 1.10 was the limit (DESIGN 8)",
                      self.line("1.10 was the limit"))
        self.assertIn("budget MISSED", self.line("0.75 was the limit"))
        self.assertIn("Budgets: 2 met, 1 missed.", self.lines())

    def test_every_subject_has_a_line_for_every_metric(self):
        found = results()
        figures = sum(len(subject.figures) for row in found.rows for subject in row.subjects)
        self.assertEqual(sum(" .. " in line for line in self.lines()[5:]), figures)

    def test_a_failed_topic_is_shown(self):
        self.assertIn("FAILED: signer: no HAProxy", self.lines(errors={"signer": "no HAProxy"}))

    def test_a_quick_run_says_so(self):
        self.assertIn("not to be quoted", "\n".join(self.lines(scale=0.05)))
        self.assertNotIn("not to be quoted", "\n".join(self.lines()))

    def test_machine_and_commit_stand_above(self):
        self.assertIn("Some Processor, 2 cores", self.lines()[0])
        self.assertIn("0123456789ab", self.lines()[1])

    def test_a_run_without_rows_has_a_table(self):
        empty = results(connection_row(), errors={"signer": "x"})
        empty.rows.clear()
        self.assertIn("Budgets: 0 met, 0 missed.", table(empty))


class Figures(unittest.TestCase):
    def test_have_three_digits(self):
        for value, text in {0: "0", 1234567: "1,234,567", 99.94: "99.9", 99.96: "100", 9.996: "10.0", 9.99: "9.99", 0.1: "0.10",
                            0.012: "0.012", 0.00062: "0.00062", -12.3: "-12.3"}.items():
            self.assertEqual(number(value), text)

    def test_have_the_largest_unit(self):
        for (value, metric), text in {(2100, "cpu_us"): "2.10 ms", (3e6, "wall_us"): "3.00 s", (17.5, "cpu_us"): "17.5 µs",
                                      (620, "bytes"): "620 B", (1e6, "bytes"): "1.00 MB", (9500, "memory_bytes"): "9.50 KB",
                                      (116_000, "per_second"): "116,000/s", (1.9e6, "per_second"): "1.90 million/s",
                                      (1, "round_trips"): "1.00 round trips"}.items():
            self.assertEqual(amount(value, metric), text)

    def test_on_an_axis_have_no_more_digits_than_needed(self):
        for (power, metric), text in {(1, "cpu_us"): "10 µs", (-1, "cpu_us"): "0.1 µs", (5, "cpu_us"): "100 ms",
                                      (4, "bytes"): "10 KB", (7, "memory_bytes"): "10 MB",
                                      (3, "per_second"): "1,000/s"}.items():
            self.assertEqual(power_of_ten(power, metric), text)

    def test_are_named_without_their_unit(self):
        for metric, (name, short) in {"cpu_us": ("CPU time", "µs"), "bytes": ("octets", "B"), "memory_bytes": ("memory", "B"),
                                      "per_second": ("rate", "/s"), "idle_memory_bytes": ("idle memory", "B")}.items():
            self.assertEqual((what(metric), unit(metric)), (name, short))


if __name__ == "__main__":
    unittest.main()
