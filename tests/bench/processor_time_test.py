#!/usr/bin/env python3
"""Shows that the processor time of all that ran is counted, also of what has ended. Needs root, as control groups do."""

import os
import pathlib
import subprocess
import sys
import unittest

from tecs_bench.processor_time import NoProcessorTime, ProcessorTime, candidates, group_folders

# Uses 0.2 s by its own clock, and tells how much it was.
BURN = "import time\nwhile time.process_time() < 0.2: pass\n"
USED = 0.2
# A child burns, and its parent ends without having waited for it; nobody is told of its time but the kernel.
BURN_AND_DIE = f"import os\nif os.fork() == 0:\n  exec({BURN!r})\n  os.kill(os.getpid(), 9)\nos.wait()\n"
MOUNTS = """\
proc /proc proc rw 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
"""


class Candidates(unittest.TestCase):
    def test_version_2_goes_first(self):
        self.assertEqual([str(folder) for folder, _ in candidates(MOUNTS)],
                         ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/cpu,cpuacct"])

    def test_there_may_be_none(self):
        self.assertEqual(list(candidates("proc /proc proc rw 0 0\n")), [])


class Names(unittest.TestCase):
    def test_are_no_paths(self):
        for name in ("", "a/b", "..", "a b"):
            with self.subTest(name), self.assertRaises(ValueError):
                ProcessorTime(name)


@unittest.skipUnless(os.geteuid() == 0, "control groups need root")
class Counting(unittest.TestCase):
    def setUp(self):
        try:
            self.time = ProcessorTime("a-test")
        except NoProcessorTime as why:
            self.skipTest(str(why))
        self.addCleanup(self.time.close)

    def groups(self):
        return [group for folder in group_folders() for group in folder.glob(f"tecs-bench-{os.getpid()}-a-test-*")]

    def test_a_child_that_burns_and_dies_is_counted(self):
        self.assertEqual(self.time.start([sys.executable, "-c", BURN_AND_DIE]).wait(), 0)
        self.assertGreaterEqual(self.time.seconds(), USED * 0.95)

    def test_what_is_outside_is_not_counted(self):
        subprocess.run([sys.executable, "-c", BURN], check=True)
        self.assertLess(self.time.seconds(), USED / 2)

    def test_a_process_that_runs_already_can_be_added(self):
        burner = subprocess.Popen([sys.executable, "-c", "input()\n" + BURN], stdin=subprocess.PIPE, text=True)
        self.time.add(burner.pid)
        burner.communicate("\n")
        self.assertGreaterEqual(self.time.seconds(), USED * 0.5)  # its start was outside

    def test_what_is_started_meanwhile_stays_in_it(self):
        with self.time.holding_us():
            burner = subprocess.Popen([sys.executable, "-c", "input()\n" + BURN], stdin=subprocess.PIPE, text=True)
        before = self.time.seconds()
        burner.communicate("\n")
        self.assertGreaterEqual(self.time.seconds() - before, USED * 0.5)
        self.assertEqual(self.time._members.read_text(), "")

    def test_the_command_gets_its_words_and_its_input(self):
        done = self.time.start(["printf", "%s|", "a b", "$c"], stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.communicate()[0], "a b|$c|")

    def test_nothing_stays(self):
        self.assertEqual(len(self.groups()), 1)
        self.time.close()
        self.assertEqual(self.groups(), [])
        self.time.close()

    def test_what_still_runs_at_the_end_goes_on(self):
        sleeper = self.time.start(["sleep", "60"])
        self.time.close()
        self.assertIsNone(sleeper.poll())
        self.assertEqual(self.groups(), [])
        sleeper.kill()
        sleeper.wait()


class Refusals(unittest.TestCase):
    def test_a_machine_without_groups_is_told_what_to_do(self):
        read_text = pathlib.Path.read_text
        self.addCleanup(setattr, pathlib.Path, "read_text", read_text)
        pathlib.Path.read_text = lambda path, *rest: ("" if str(path) == "/proc/self/mounts" else read_text(path, *rest))
        with self.assertRaisesRegex(NoProcessorTime, "Run as root.*Neither cgroup2 nor"):
            ProcessorTime("a-test")


if __name__ == "__main__":
    unittest.main()
