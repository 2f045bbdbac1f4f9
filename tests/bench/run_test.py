#!/usr/bin/env python3
"""Shows that a topic that fails costs only itself, and what the command line answers."""

import io
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

from tecs_bench.run import Run

HERE = pathlib.Path(__file__).parent
GOOD = """
from tecs_bench.figures import Row, Subject
from tecs_bench.rounds import interleave

def measure(bench):
    bench.say(f"{bench.count(1000)} times")
    (bench.folder / "a").write_text("x")
    (bench.disk_folder / "a").write_text("x")
    figures = interleave({"TECS": lambda: {"wall_us": 1 / 3}})
    yield Row("good", "a row", [Subject("TECS", "so", figures["TECS"])])
"""
TOPICS = {
    "good": GOOD,
    "breaks": GOOD + "    raise RuntimeError('the server is gone')\n",
    "is_not_python": "def measure(bench:",
    "is_empty": "def measure(bench):\n    return iter(())\n",
    "has_wrong_row": GOOD.replace('"so"', '""'),
}


class Topics(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="run-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        package = self.folder / "made_up_topics"
        package.mkdir()
        for name, text in TOPICS.items():
            (package / f"{name}.py").write_text(textwrap.dedent(text))
        sys.path.insert(0, str(self.folder))
        self.addCleanup(sys.path.remove, str(self.folder))
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.out = io.StringIO()

    def measure(self, *topics, scale=1.0):
        run = Run(self.folder, self.disk, scale, self.out, "made_up_topics")
        return {outcome.topic.name: outcome for outcome in run.measure(topics)}

    def test_rows_are_as_they_are_written_down(self):
        outcome = self.measure("good")["good"]
        self.assertIsNone(outcome.topic.error)
        self.assertEqual(outcome.rows[0].subjects[0].figures, {"wall_us": [0.333333] * 5})

    def test_a_broken_topic_is_told_of_and_the_others_run(self):
        for name, error in {"breaks": "RuntimeError: the server is gone", "is_not_python": "SyntaxError",
                            "is_empty": "no rows", "has_wrong_row": "WrongRow", "is_missing": "ModuleNotFoundError"}.items():
            with self.subTest(name):
                outcomes = self.measure(name, "good")
                self.assertIn(error, outcomes[name].topic.error)
                self.assertIn(f"FAILED: {error}", self.out.getvalue())
                self.assertIsNone(outcomes["good"].topic.error)
                self.assertEqual(len(outcomes["good"].rows), 1)

    def test_rows_before_the_error_are_kept(self):
        self.assertEqual(len(self.measure("breaks")["breaks"].rows), 1)

    def test_folders_go_with_the_topic(self):
        self.measure("good", "breaks")
        self.assertEqual(list(self.disk.iterdir()), [])

    def test_progress_is_told_with_the_time(self):
        self.measure("good", scale=0.05)
        self.assertRegex(self.out.getvalue(), r"(?m)^ 0:00  good +50 times$")
        self.assertRegex(self.out.getvalue(), r"(?m)^ 0:00  good +measured: a row$")


class CommandLine(unittest.TestCase):
    def run_bench(self, *words, as_user=None):
        environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
        user = {"user": as_user, "group": as_user, "extra_groups": []} if as_user else {}
        return subprocess.run([sys.executable, "-m", "tecs_bench", *map(str, words)], env=environment, cwd="/",
                              capture_output=True, text=True, check=False, **user)

    def test_exit_codes(self):
        for words, code, said in [
                ((), 64, "--programs and --from"), (("--programs", "/", "--from", "/x"), 64, "--programs and --from"),
                (("--topic", "nothing"), 64, "nothing"), (("--programs", "/", "--scale", "2"), 64, "--scale"),
                (("--from", "/nowhere"), 66, "/nowhere"), (("--from", "/etc/passwd"), 66, "not what a run"),
                (("--programs", "/nowhere"), 66, "/nowhere"),
                (("--from", "/x", "--json", "/nowhere/x"), 73, "/nowhere is not a folder"),
                (("--from", "/x", "--document", "/nowhere.md"), 73, "/nowhere.md is not a document"),
                (("--help",), 0, ""), (("--programs", "/", "--look-only"), 0, "")]:
            with self.subTest(" ".join(words)):
                done = self.run_bench(*words)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(said, done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs somebody else than root to become")
    def test_measuring_needs_root(self):
        done = self.run_bench("--programs", "/", as_user=65534)
        self.assertEqual(done.returncode, 77, done.stderr)


if __name__ == "__main__":
    unittest.main()
