#!/usr/bin/env python3
"""Shows that type_names.py finds a name that stands twice, and takes what only looks like it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import type_names  # noqa: E402

FIRST = "namespace tecs {\nstruct Complaint {\n  int a;\n};\n}  // namespace tecs\n"
ROWS = [
    # what stands in a second file, want the name found
    ("struct Complaint {\n  int b;\n};\n", True),
    ("class Complaint final : public Other {\n};\n", True),
    ("class TECS_API Complaint final : public Other {\n};\n", True),
    ("class TECS_API Other {\n};\n", False),
    ("enum class Complaint : int { one };\n", True),
    ("struct Complaint;\n", False),
    ("struct Complaint::State {\n};\n", False),
    ("struct Other {\n  struct Complaint {\n  };\n};\n", False),
    ("namespace {\nstruct Complaint {\n};\n}  // namespace\n", False),
    ("struct ComplaintBook {\n};\n", False),
    ("// struct Complaint {\n", False),
]


class TypeNames(unittest.TestCase):
    def test_rows(self):
        for text, want in ROWS:
            with self.subTest(text=text), tempfile.TemporaryDirectory() as root:
                for part, contents in (("verdicts", FIRST), ("tools", text)):
                    folder = pathlib.Path(root) / part
                    folder.mkdir()
                    (folder / "a.hpp").write_text(contents)
                self.assertEqual(list(type_names.repeated(root)), ["Complaint"] if want else [])


if __name__ == "__main__":
    unittest.main()
