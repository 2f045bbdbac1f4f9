#!/usr/bin/env python3
"""Shows how figures get into documents, and which documents are refused. None is ever changed in part."""

import pathlib
import tempfile
import unittest

from made_up import results
from tecs_bench.document import WrongDocument, expressions, filled_in, named
from tecs_bench.expressions import WrongExpression, evaluate
from tecs_bench.outputs import CannotShow, fill_in

CONNECTION = 'median("postfix", "a connection with a message of 5 KB, all processes", "TECS, monitor", "cpu_us")'
NAMES = f"""<!-- bench: names
connection = {CONNECTION}
per_core = 1e6 /
  connection
-->
"""


class Expressions(unittest.TestCase):
    def value(self, text, **names):
        return evaluate(text, results(), names)

    def test_are_arithmetic(self):
        for text, value in {"1 + 2 * 3": 7, "-(4 - 1) / 2": -1.5, "1e6": 1e6, "ceil(2.1)": 3, "max(1, 2) + min(1, 2)": 3,
                            "x * 2": 10, CONNECTION: 2100}.items():
            self.assertEqual(self.value(text, x=5), value, text)

    def test_nothing_else_is_understood(self):
        for text in ("", "1 +", "y", "1 / 0", "2 ** 9", "'a'", "open('/etc/passwd')", "(1).real", "[1]", "x if 1 else 2",
                     'median("postfix")', 'median("postfix", "a", "b", "c")', CONNECTION.replace("cpu", "wall_cpu"),
                     "__import__('os')"):
            with self.subTest(text), self.assertRaises(WrongExpression):
                self.value(text, x=5)


class Documents(unittest.TestCase):
    def test_figures_take_the_place_of_old_ones(self):
        text = NAMES + "carries <!--= per_core -->7<!--=--> of <!--= connection | cpu_us -->?<!--=-->.\n"
        self.assertEqual(filled_in(text, results()), NAMES + "carries <!--= per_core -->476<!--=--> of "
                         "<!--= connection | cpu_us -->2.10 ms<!--=-->.\n")

    def test_are_shown_as_they_are_wanted(self):
        for how, shown in {"476.19": "476", "476.19 | 2": "480", "1234567 | 3": "1,230,000", "0.416 | percent": "42 %",
                           "2500 | wall_us": "2.50 ms", "0 | 2": "0",
                           "6.789 | 2": "6.8", "0.0123 | 1": "0.01", "25": "25", "12.34": "12.3", "1234567": "1,234,567"}.items():
            self.assertIn(f"-->{shown}<!--", filled_in(f"<!--= {how} --><!--=-->", results()))

    def test_filling_in_twice_changes_nothing(self):
        text = NAMES + "".join(f"<!-- bench: {block} -->\n<!-- bench: end -->\n"
                               for block in ("machine", "budgets", "rows postfix", "rows door", "sums"))
        once = filled_in(text + "<!--= per_core --><!--=-->", results())
        self.assertEqual(filled_in(once, results()), once)
        self.assertIn("| OpenDKIM milter | **2,500** (2,425..2,550) 0.84× | **1,000** (970..1,020) 0.90× |", once)
        self.assertIn("| **TECS, monitor** | **2,100** (2,037..2,142) |", once)
        self.assertIn("* OpenDKIM milter: how OpenDKIM milter is configured.", once)
        self.assertIn("what is not said elsewhere", once)
        self.assertIn("0.84 (2.10 ms of 2.50 ms) | 0.75 | **missed** |", once)
        self.assertIn("| machine | Some Processor, 2 cores, 25 GiB, a virtual machine |", once)
        self.assertIn("Dovecot 2.3.19", once)
        self.assertIn("| `per_core` | 476 | `1e6 / connection` |", once)

    def test_all_else_stays(self):
        text = "# A\n\n<!-- a comment -->\n\n```\n| a | b |\n```\n"
        self.assertEqual(filled_in(text, results()), text)

    def test_a_quick_run_says_so_in_the_document(self):
        self.assertIn("not to be quoted", filled_in("<!-- bench: machine -->\n<!-- bench: end -->\n", results(scale=0.05)))

    def test_names_are_known_to_those_below(self):
        self.assertEqual([name for name, _ in expressions(NAMES)], ["connection", "per_core"])
        self.assertAlmostEqual(named(NAMES, results())["per_core"], 1e6 / 2100)

    def test_wrong_ones_are_refused(self):
        for name, text in {
                "a name twice": NAMES + NAMES, "a name that is none": "<!-- bench: names\n1x = 2\n-->\n",
                "a row that is not there": "<!-- bench: names\na = median('x', 'y', 'z', 'cpu_us')\n-->\n",
                "a topic that is not there": "<!-- bench: rows nothing -->\n<!-- bench: end -->\n",
                "a block that is not known": "<!-- bench: pictures -->\n<!-- bench: end -->\n",
                "a block without end": "<!-- bench: machine -->\n",
                "an end without block": "<!-- bench: end -->\n",
                "a figure without end": "<!--= 1 -->2", "a way to show that is not known": "<!--= 1 | parsecs -->2<!--=-->",
                "a figure that is not known": "<!--= x -->2<!--=-->"}.items():
            with self.subTest(name), self.assertRaises(WrongDocument):
                filled_in(text, results())


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="document-test-")
        self.addCleanup(folder.cleanup)
        self.right, self.wrong = (pathlib.Path(folder.name, name) for name in ("right.md", "wrong.md"))
        self.right.write_text("<!--= 1 -->?<!--=-->")
        self.wrong.write_text("<!--= x -->?<!--=-->")

    def test_all_are_written(self):
        fill_in(results(), [self.right])
        self.assertEqual(self.right.read_text(), "<!--= 1 -->1<!--=-->")

    def test_all_or_none(self):
        with self.assertRaises(CannotShow):
            fill_in(results(), [self.right, self.wrong])
        self.assertIn("?", self.right.read_text())

    def test_none_when_a_topic_failed(self):
        with self.assertRaisesRegex(CannotShow, "signer"):
            fill_in(results(errors={"signer": "x"}), [self.right])
        self.assertIn("?", self.right.read_text())


if __name__ == "__main__":
    unittest.main()
