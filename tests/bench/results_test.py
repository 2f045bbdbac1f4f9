#!/usr/bin/env python3
"""Shows that the JSON file has all that a run found out, and that no other file is taken for one."""

import json
import pathlib
import tempfile
import unittest

from made_up import results as made_up_results
from tecs_bench import machine, results
from tecs_bench.results import WrongResults


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="results-test-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "speed.json")

    def test_comes_back(self):
        found = made_up_results(errors={"signer": "no HAProxy"})
        results.write(found, self.path)
        self.assertEqual(results.read(self.path), found)
        self.assertEqual([topic.name for topic in results.read(self.path).errors], ["signer"])

    def test_the_figures_of_a_metric_stand_on_one_line(self):
        results.write(made_up_results(), self.path)
        self.assertIn('"cpu_us": [2037.0, 2100.0, 2142.0, 2121.0, 2079.0]', self.path.read_text())

    def test_nothing_else_stays(self):
        results.write(made_up_results(), self.path)
        self.assertEqual(list(self.path.parent.iterdir()), [self.path])

    def test_other_files_are_refused(self):
        results.write(made_up_results(), self.path)
        right = json.loads(self.path.read_text())
        wrong = {"nothing": "", "no JSON": "{", "a list": "[]", "another format": json.dumps({**right, "format": 2}),
                 "no rows": json.dumps({name: value for name, value in right.items() if name != "rows"}),
                 "a row that is none": json.dumps({**right, "rows": [{}]}), "octets": "\udcff"}
        for name, text in wrong.items():
            with self.subTest(name):
                self.path.write_text(text, errors="surrogateescape")
                with self.assertRaises(WrongResults):
                    results.read(self.path)


class Machine(unittest.TestCase):
    def test_tells_what_a_sceptic_asks(self):
        found = machine.machine()
        self.assertGreater(found["cores"], 0)
        self.assertGreater(found["memory_bytes"], 2**20)
        self.assertIn("Debian", found["system"])

    def test_tells_the_compiler_of_the_build(self):
        with tempfile.TemporaryDirectory(prefix="results-test-") as folder:
            (pathlib.Path(folder) / "bin").mkdir()
            (pathlib.Path(folder) / "CMakeCache.txt").write_text(
                "CMAKE_CXX_COMPILER:FILEPATH=/usr/bin/g++\nCMAKE_BUILD_TYPE:STRING=Release\n")
            found = machine.versions(pathlib.Path(folder) / "bin")
        self.assertRegex(found["compiler"], r"g\+\+ .*\d+\.\d+")
        self.assertEqual(found["build"], "Release")
        self.assertRegex(found["OpenSSL"], r"^3\.")

    def test_a_build_that_tells_nothing_is_unknown(self):
        found = machine.versions(pathlib.Path("/nowhere/bin"))
        self.assertEqual((found["compiler"], found["build"]), ("unknown", "unknown"))


if __name__ == "__main__":
    unittest.main()
