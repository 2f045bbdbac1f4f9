#!/usr/bin/env python3
"""Shows that guards.py sees when its list does not fit the sources any more."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from guards import Guard, misplaced  # noqa: E402

GOOD = Guard("lock", "milter/door.cpp", "if (locked) return;", "", "door_test.Door.test_stays_shut")

# what it is, guards, want
ROWS = [
    ("in its place", [GOOD], []),
    ("a unit test", [Guard("lock", GOOD.file, GOOD.text, "", "milter-tests:Door.StaysShut")], []),
    ("twice in the list", [GOOD, GOOD], ["lock: stands twice"]),
    ("gone", [Guard("lock", GOOD.file, "if (shut) return;", "", GOOD.test)], ["lock: its text is 0 times in milter/door.cpp"]),
    ("in two places", [Guard("lock", GOOD.file, "return;", "", GOOD.test)], ["lock: its text is 2 times in milter/door.cpp"]),
    ("no such file", [Guard("lock", "milter/gate.cpp", "x", "", GOOD.test)], ["lock: its text is 0 times in milter/gate.cpp"]),
    ("nothing", [Guard("lock", GOOD.file, GOOD.text, GOOD.text, GOOD.test)], ["lock: nothing is taken out"]),
    ("no such test", [Guard("lock", GOOD.file, GOOD.text, "", "gate_test.Gate")], ["lock: there is no test gate_test.Gate"]),
]


class Guards(unittest.TestCase):
    def test_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for file, text in ((GOOD.file, "if (locked) return;\nreturn;\n"), ("tests/integration/door_test.py", "")):
                (root / file).parent.mkdir(parents=True)
                (root / file).write_text(text)
            for name, guards, want in ROWS:
                with self.subTest(name):
                    self.assertEqual(list(misplaced(root, guards)), want)

    def test_what_is_taken_out(self):
        self.assertEqual(GOOD.without("a; if (locked) return; b;"), "a;  b;")


if __name__ == "__main__":
    unittest.main()
