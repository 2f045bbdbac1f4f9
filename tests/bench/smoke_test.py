#!/usr/bin/env python3
"""Runs the benchmark with very little of everything: a topic works, and all outputs come out. No time is asserted.

TECS_BIN is bin/ of the build; TECS_BENCH_TOPIC is one topic, without it all run. Needs root, as scripts/bench does.
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

from tecs_bench import results
from tecs_bench.topics import TOPICS

HERE = pathlib.Path(__file__).parent
SCALE = 0.002
WANTED = [os.environ["TECS_BENCH_TOPIC"]] if "TECS_BENCH_TOPIC" in os.environ else list(TOPICS)


class Smoke(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="smoke-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.json, cls.pictures = pathlib.Path(folder.name, "speed.json"), pathlib.Path(folder.name, "pictures")
        cls.done = subprocess.run(
            [sys.executable, "-m", "tecs_bench", "--programs", os.environ["TECS_BIN"], "--scale", str(SCALE),
             *(word for topic in WANTED for word in ("--topic", topic)), "--json", cls.json, "--pictures", cls.pictures],
            env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}, stdout=subprocess.PIPE, text=True,
            check=False)
        if cls.done.returncode != 0:
            raise AssertionError(f"the benchmark ended with {cls.done.returncode}\n{cls.done.stdout}")
        cls.results = results.read(cls.json)

    def test_every_topic_has_rows(self):
        self.assertEqual([topic.name for topic in self.results.topics], WANTED)
        for topic in WANTED:
            with self.subTest(topic):
                self.assertTrue([row for row in self.results.rows if row.topic == topic])

    def test_names_of_rows_tell_them_apart(self):
        names = [(row.topic, row.name) for row in self.results.rows]
        self.assertEqual(len(names), len(set(names)))

    def test_every_subject_has_figures_for_every_round(self):
        for row in self.results.rows:
            for subject in row.subjects:
                with self.subTest(f"{row.name}: {subject.name}"):
                    self.assertEqual(len({len(values) for values in subject.figures.values()}), 1)

    def test_every_budget_is_judged(self):
        judged = [judgement for row in self.results.rows for judgement in row.judgements()]
        self.assertEqual(self.done.stdout.count("was the limit ("), len(judged))

    def test_the_table_has_every_row(self):
        for row in self.results.rows:
            self.assertIn(f"\n{row.topic}: {row.name}\n", self.done.stdout)

    def test_pictures_come_out(self):
        names = {path.name for path in self.pictures.iterdir()}
        self.assertLessEqual({f"{topic}.svg" for topic in WANTED}, names)
        for path in self.pictures.iterdir():
            xml.parse(path)

    def test_machine_and_versions_are_known(self):
        self.assertNotIn("unknown", [*self.results.machine.values(), *self.results.versions.values()])


if __name__ == "__main__":
    unittest.main()
