#!/usr/bin/env python3
"""Shows that named_tests.py finds what it is there to find: each row is one change to a page that fits."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import named_tests  # noqa: E402

PAGE = "docs/testing.md"
TREE = {
    "tests/integration/attack_test.py": (
        "import unittest\n\nclass Attack(unittest.TestCase):\n    def test_at_night(self): pass\n\n"
        "setattr(Attack, 'test_from_a_table', lambda self: None)\n\nclass Other: pass\n"),
    "tests/unit/some/part_test.cpp": "TEST(Suite, IsGood) {\n}\nTEST_P(Rows, are_good) {\n}\n",
    PAGE: ("# A page\n\nSee `Suite.IsGood`.\n\n| attack | test |\n| --- | --- |\n| one | `attack_test.Attack.test_at_night` |\n"
           "| two | `attack_test.Attack` |\n| three | `Rows.are_good`, `attack_test.Attack.test_from_a_table` |\n\n"
           "| what | else |\n| --- | --- |\n| no | test |\n"),
}

# what it is, text to replace, replacement, want
ROWS = [
    ("nothing changed", "", "", []),
    ("another test", "test_at_night", "test_at_noon", ["there is no test attack_test.Attack.test_at_noon"]),
    ("another class", "`attack_test.Attack`", "`attack_test.Defence`", ["there is no test attack_test.Defence"]),
    ("a class that is no test", "`attack_test.Attack`", "`attack_test.Other`", ["there is no test attack_test.Other"]),
    ("another file", "attack_test.Attack.test_at_night", "raid_test.Attack.test_at_night",
     ["there is no test raid_test.Attack.test_at_night"]),
    ("another suite", "Suite.IsGood", "Suite.IsBad", ["there is no test Suite.IsBad"]),
    ("a row without a test", "`attack_test.Attack` |", "later |", ["this row names no test: | two | later |"]),
]


class NamedTests(unittest.TestCase):
    def test_rows(self):
        for name, text, replacement, want in ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                for file, contents in TREE.items():
                    (root / file).parent.mkdir(parents=True, exist_ok=True)
                    (root / file).write_text(contents.replace(text, replacement) if text and file == PAGE else contents)
                sys.modules.pop("attack_test", None)
                self.assertEqual(list(named_tests.differences(root)), [f"{PAGE}: {line}" for line in want])


if __name__ == "__main__":
    unittest.main()
