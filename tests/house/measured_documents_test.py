#!/usr/bin/env python3
"""Shows that measured_documents.py finds what it is there to find: each row is one change to a small tree that is right."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import measured_documents  # noqa: E402
from tecs_bench import document, pictures, results  # noqa: E402

import made_up  # noqa: E402  # in tests/bench

PAGE = """<!-- bench: names
one = median("store", "verdicts inserted in batches", "TECS on SQLite", "per_second")
-->
![a](figures/store.svg) ![a](figures/postfix.svg) ![a](figures/growth.svg) ![a](figures/decision.svg)
<!--= one -->?<!--=-->
<!-- bench: budgets -->
<!-- bench: end -->
"""


class Differences(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="measured-documents-test-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.make(made_up.results())

    def make(self, found):
        pictures.write(found, self.root / measured_documents.FIGURES)
        results.write(found, self.root / measured_documents.MEASURED)
        for name in measured_documents.DOCUMENTS:
            (self.root / name).write_text(document.filled_in(PAGE, found))

    def found(self):
        return list(measured_documents.differences(self.root))

    def change(self, name, before, after):
        text = (self.root / name).read_text()
        self.assertIn(before, text)
        (self.root / name).write_text(text.replace(before, after))

    def test_what_agrees_is_right(self):
        self.assertEqual(self.found(), [])

    def test_a_number_that_was_written_by_hand(self):
        self.change("docs/scaling.md", "101,000<", "120,000<")
        self.assertEqual(self.found(), ["docs/scaling.md:5: the figures are not those of docs/figures/performance.json"])

    def test_a_table_that_is_shorter(self):
        self.change("docs/performance.md", "<!-- bench: end -->\n", "")
        self.assertEqual(len(self.found()), 1)

    def test_figures_of_another_run(self):
        self.change(measured_documents.MEASURED, "101000.0", "102000.0")
        self.assertEqual(len(self.found()), 3)  # both documents, and the picture

    def test_a_picture_that_is_not_there_or_too_many_or_another(self):
        (self.root / "docs/figures/store.svg").unlink()
        (self.root / "docs/figures/old.svg").write_text("<svg/>")
        self.change("docs/figures/growth.svg", "480", "481")
        self.assertEqual([line.partition(":")[0] for line in self.found()],
                         ["docs/figures/old.svg", "docs/figures/store.svg", "docs/figures/growth.svg"])

    def test_a_picture_that_nobody_shows(self):
        for name in measured_documents.DOCUMENTS:
            self.change(name, "![a](figures/growth.svg)", "")
        self.assertEqual(self.found(), ["docs/figures/growth.svg: no document shows it"])

    def test_a_run_that_is_not_whole(self):
        results.write(made_up.results(scale=0.05, errors={"signer": "x"}), self.root / measured_documents.MEASURED)
        self.assertEqual([line for line in self.found() if "performance.json:" in line],
                         ["docs/figures/performance.json: only 0.05 of the work was done",
                          "docs/figures/performance.json: signer failed: x"])

    def test_no_figures_at_all(self):
        (self.root / measured_documents.MEASURED).write_text("{}")
        self.assertEqual(len(self.found()), 1)


if __name__ == "__main__":
    unittest.main()
