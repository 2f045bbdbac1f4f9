#!/usr/bin/env python3
"""Shows that guards.py sees when its list does not fit the sources any more."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from guards import Guard, differences_to_pages, misplaced  # noqa: E402

GOOD = Guard("lock", "milter/door.cpp", "if (locked) return;", "", "door_test.Door.test_stays_shut")

# what it is, guards, want
ROWS = [
    ("in its place", [GOOD], []),
    ("a class of tests", [Guard("lock", GOOD.file, GOOD.text, "", "door_test.Door")], []),
    ("a unit test", [Guard("lock", GOOD.file, GOOD.text, "", "milter-tests:Door.StaysShut")], []),
    ("one of a table", [Guard("lock", GOOD.file, GOOD.text, "", "milter-tests:All/Door.StaysShut/iron")], []),
    ("no such unit test", [Guard("lock", GOOD.file, GOOD.text, "", "milter-tests:Door.Opens")],
     ["lock: there is no test milter-tests:Door.Opens"]),
    ("twice in the list", [GOOD, GOOD], ["lock: stands twice"]),
    ("gone", [Guard("lock", GOOD.file, "if (shut) return;", "", GOOD.test)], ["lock: its text is 0 times in milter/door.cpp"]),
    ("in two places", [Guard("lock", GOOD.file, "return;", "", GOOD.test)], ["lock: its text is 2 times in milter/door.cpp"]),
    ("no such file", [Guard("lock", "milter/gate.cpp", "x", "", GOOD.test)], ["lock: its text is 0 times in milter/gate.cpp"]),
    ("nothing", [Guard("lock", GOOD.file, GOOD.text, GOOD.text, GOOD.test)], ["lock: nothing is taken out"]),
    *((what, [Guard("lock", GOOD.file, GOOD.text, "", test)], [f"lock: there is no test {test}"]) for what, test in (
        ("no such file of tests", "gate_test.Gate.test_opens"), ("no such class", "door_test.Gate.test_stays_shut"),
        ("no such method", "door_test.Door.test_opens"))),
]

PAGE = "| attack | test | taken out |\n|---|---|---|\n| a push | `door_test.Door.test_stays_shut` | {} |\n"
# what the last column says, want
PAGE_ROWS = [
    ("`lock`", []),
    ("–", ["lock: no page about testing has it in a table"]),
    ("`lock`, `bolt`", ["bolt: a page names it, the list does not"]),
]
FILES = {
    GOOD.file: "if (locked) return;\nreturn;\n",
    "tests/integration/door_test.py": "import unittest\n\n\nclass Door(unittest.TestCase):\n    def test_stays_shut(self):\n        pass\n",
    "tests/unit/milter/door_test.cpp": "TEST_P(Door, StaysShut) {}\n",
}


class Guards(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for file, text in FILES.items():
            (self.root / file).parent.mkdir(parents=True, exist_ok=True)
            (self.root / file).write_text(text)

    def test_rows(self):
        for name, guards, want in ROWS:
            with self.subTest(name):
                self.assertEqual(list(misplaced(self.root, guards)), want)

    def test_the_pages_name_the_same(self):
        (self.root / "docs").mkdir()
        for last_column, want in PAGE_ROWS:
            with self.subTest(last_column):
                (self.root / "docs/testing-attacks.md").write_text(PAGE.format(last_column))
                self.assertEqual(list(differences_to_pages(self.root, [GOOD])), want)

    def test_what_is_taken_out(self):
        self.assertEqual(GOOD.without("a; if (locked) return; b;"), "a;  b;")


if __name__ == "__main__":
    unittest.main()
