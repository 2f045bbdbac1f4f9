#!/usr/bin/env python3
"""Shows that core_coverage.py counts right, and finds what is wrong."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import core_coverage  # noqa: E402
import listed_lines  # noqa: E402

SOURCE = "libtecs/core/a.cpp"
TEXT = "int a() {\n  if (x) {\n    return   1;\n  }\n  return 0;\n}\n"
ENTRY = {"file": SOURCE, "line": "return 1;", "because": "x is never true"}


def line(number, count, branches=(), noncode=False):
    return {"line_number": number, "count": count, "branches": [{"count": each} for each in branches],
            "gcovr/noncode": noncode, "gcovr/excluded": False}


def report(*lines, file=SOURCE):
    return {"files": [{"file": file, "lines": list(lines)}]}


def many(unreached, branches=()):
    """A hundred lines, all with one text, the first of them unreached."""
    return report(*(line(1, 0 if index < unreached else 1) for index in range(99)), line(2, 1, branches))


class CoreCoverage(unittest.TestCase):
    def wrong(self, given, entries=(), branches=(), text=TEXT):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "libtecs/core").mkdir(parents=True)
            (root / SOURCE).write_text(text, encoding="utf-8")
            return list(core_coverage.wrong(root, given, list(entries), list(branches)))

    def test_lines_and_branches_are_counted_for_each_part(self):
        given = {"files": [*report(line(1, 3), line(2, 2, (2, 0)), line(3, 0), line(4, 0, noncode=True))["files"],
                           *report(line(1, 1), file="libtecs/include/tecs/a.hpp")["files"],
                           *report(line(1, 0), file="libtecs/include/tecs/adapters/a.hpp")["files"],
                           *report(line(1, 0), file="libtecs/adapters/dns/a.cpp")["files"]]}
        parts = core_coverage.parts_of(given)
        core, adapters = core_coverage.sum_of(parts["core"]), core_coverage.sum_of(parts["adapters"])
        self.assertEqual((core.lines, core.lines_reached, core.branches, core.branches_reached), (4, 3, 2, 1))
        self.assertEqual((adapters.lines, adapters.lines_reached), (2, 0))
        self.assertEqual(parts["core"][SOURCE].unreached, [3])

    def test_an_unreached_line_without_a_reason_is_found(self):
        given = report(*(line(1, 1) for _ in range(50)), line(3, 0))
        self.assertEqual(self.wrong(given, [ENTRY]), [])
        self.assertEqual(self.wrong(given), [f"{SOURCE}:3: no test reaches it, and it is not in the list: return 1;"])

    def test_a_listed_line_that_is_reached_or_gone_is_found(self):
        for given in (report(line(1, 1), line(3, 1)), report(line(1, 1))):
            self.assertEqual(self.wrong(given, [ENTRY]),
                             [f"{SOURCE}: in the list, but a test reaches it or it is gone: return 1;"])

    def test_a_branch_without_a_reason_is_found(self):
        entry = {**ENTRY, "line": "if (x) {"}
        given = report(line(1, 1, [1] * 50), line(2, 7, (7, 0)))
        self.assertEqual(self.wrong(given, branches=[entry]), [])
        self.assertEqual(self.wrong(given),
                         [f"{SOURCE}:2: a branch of it is taken by no test, and it is not in the list: if (x) {{"])

    def test_a_listed_branch_that_is_taken_or_gone_is_found(self):
        entry = {**ENTRY, "line": "if (x) {"}
        for given in (report(line(2, 7, (6, 1))), report(line(1, 1))):
            self.assertEqual(self.wrong(given, branches=[entry]),
                             [f"{SOURCE}: in the list, but all its branches are taken or it is gone: if (x) {{"])

    def test_the_branches_of_an_unreached_line_need_no_reason_of_their_own(self):
        given = report(line(1, 1, [1] * 50), *(line(1, 1) for _ in range(50)), line(3, 0, (0, 0)))
        self.assertEqual(self.wrong(given, [ENTRY]), [])

    def test_a_line_of_another_file_is_not_meant(self):
        given = report(*(line(1, 1) for _ in range(50)), line(3, 0))
        self.assertEqual(len(self.wrong(given, [{**ENTRY, "file": "libtecs/core/b.cpp"}])), 2)

    def test_too_few_lines_are_found(self):
        entry = {**ENTRY, "line": "int a() {"}
        self.assertEqual(self.wrong(many(5), [entry]), [])
        self.assertEqual(self.wrong(many(6), [entry]),
                         ["the tests reach 94.0 % of the lines of the core; at least 95 % are wanted"])

    def test_too_few_branches_are_found(self):
        entry = {**ENTRY, "line": "if (x) {"}
        self.assertEqual(self.wrong(many(0, [1] * 9 + [0]), branches=[entry]), [])
        self.assertEqual(self.wrong(many(0, [1] * 8 + [0] * 2), branches=[entry]),
                         ["the tests reach 80.0 % of the branches of the core; at least 90 % are wanted"])

    def test_a_report_of_something_else_is_refused(self):
        for given in ({"files": []}, report(line(1, 1), file="libtecs/include/tecs/a.hpp")):
            self.assertEqual(self.wrong(given), ["the report has no file of libtecs/core"])


class ListedLines(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "list")
            path.write_text(text, encoding="utf-8")
            return listed_lines.read(path, ("file", "line", "because"))

    def test_entries_are_paragraphs(self):
        text = "# said\n\nfile: a\nline: x = 1; // b: c\nbecause: it is\n  so\n\n\nfile: b\nline: y\nbecause: z\n"
        self.assertEqual(self.read(text), [{"file": "a", "line": "x = 1; // b: c", "because": "it is so"},
                                           {"file": "b", "line": "y", "because": "z"}])
        self.assertEqual(self.read("# nothing\n"), [])

    def test_what_is_repeated_in_an_entry_makes_one_of_each(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "list")
            path.write_text("file: a\nline: b\nbecomes: c\nbecomes: d\n  e\nbecause: f\n", encoding="utf-8")
            names = ("file", "line", "becomes", "because")
            self.assertEqual([entry["becomes"] for entry in listed_lines.read(path, names, "becomes")], ["c", "d e"])
            with self.assertRaises(listed_lines.ListError):
                listed_lines.read(path, names)

    def test_an_entry_without_a_reason_is_refused(self):
        for text in ("file: a\nline: b\n", "file: a\nline: b\nbecause: \n", "file: a\nline: b\nwhy: c\n", "a\n",
                     "file: a\nline: b\nline: c\nbecause: d\n"):
            with self.subTest(text), self.assertRaises(listed_lines.ListError):
                self.read(text)


if __name__ == "__main__":
    unittest.main()
