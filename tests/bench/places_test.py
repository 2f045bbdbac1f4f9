#!/usr/bin/env python3
"""Shows that a run leaves nothing outside of its name spaces, and that the next one removes what a killed one left."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from tecs_bench import places
from tecs_bench.processor_time import RUN

HERE = pathlib.Path(__file__).parent
BE_KILLED = """
import os, pathlib, sys
from tecs_bench import places
places.DISK = pathlib.Path(sys.argv[1])
with places.places_of_a_run():
    pathlib.Path(os.environ[places.DISK_FOLDER], "large").write_text("x")
    os.kill(os.getpid(), 9)
"""


class Places(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="places-test-")
        self.addCleanup(folder.cleanup)
        self.disk, before = pathlib.Path(folder.name), (places.DISK, dict(os.environ))
        places.DISK = self.disk
        self.addCleanup(lambda: (setattr(places, "DISK", before[0]), os.environ.clear(), os.environ.update(before[1])))

    def test_the_folder_goes_with_all_that_is_in_it(self):
        with places.places_of_a_run():
            folder = pathlib.Path(os.environ[places.DISK_FOLDER])
            self.assertEqual(os.environ[RUN], folder.name.removeprefix(places.PREFIX))
            (folder / "below").mkdir()
            (folder / "below" / "large").write_text("x")
        self.assertEqual(list(self.disk.iterdir()), [])

    def test_it_goes_when_the_run_fails(self):
        with self.assertRaises(ZeroDivisionError), places.places_of_a_run():
            raise ZeroDivisionError
        self.assertEqual(list(self.disk.iterdir()), [])

    def test_the_next_run_removes_what_a_killed_one_left(self):
        killed = subprocess.run([sys.executable, "-B", "-c", BE_KILLED, self.disk], cwd=HERE, check=False)
        self.assertEqual(killed.returncode, -9)
        self.assertEqual(len(list(self.disk.glob("*/large"))), 1)
        places.remove_left_ones()
        self.assertEqual(list(self.disk.iterdir()), [])

    def test_a_run_leaves_another_one_its_folder(self):
        with places.places_of_a_run():
            first = pathlib.Path(os.environ[places.DISK_FOLDER])
            with places.places_of_a_run():
                self.assertNotEqual(os.environ[places.DISK_FOLDER], str(first))
            self.assertTrue(first.is_dir())


if __name__ == "__main__":
    unittest.main()
