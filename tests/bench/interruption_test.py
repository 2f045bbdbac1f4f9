#!/usr/bin/env python3
"""Shows that Ctrl-C and SIGTERM end a run with all that it started. TECS_BIN is bin/ of the build. Needs root."""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).parent


def name_space(pid):
    return os.readlink(f"/proc/{pid}/ns/pid")


def child_of(pid):
    return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def processes_in(wanted):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if name_space(path.name) == wanted:
                found.append((path / "cmdline").read_text())
    return found


class Interruption(unittest.TestCase):
    def interrupt(self, number, whole_group):
        run = subprocess.Popen(
            [sys.executable, "-m", "tecs_bench", "--programs", os.environ["TECS_BIN"], "--scale", "0.01", "--topic", "door"],
            env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(run.stderr.close)
        said = []
        for line in run.stderr:
            said.append(line)
            if "round" in line or "warming up" in line or "measured" in line:
                break
        self.assertIsNone(run.poll(), said)
        inside = name_space(child_of(run.pid))
        self.assertGreater(len(processes_in(inside)), 2)  # servers run
        (os.killpg if whole_group else os.kill)(run.pid, number)
        said += run.stderr.readlines()
        self.assertEqual(run.wait(), 130, "".join(said))
        self.assertIn("tecs_bench: interrupted\n", said)
        self.assertEqual(processes_in(inside), [])

    def test_control_c_reaches_all_at_once(self):
        self.interrupt(signal.SIGINT, whole_group=True)

    def test_a_signal_to_the_run_alone(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                self.interrupt(number, whole_group=False)


if __name__ == "__main__":
    unittest.main()
