#!/usr/bin/env python3
"""The plugin is loaded into other people's programs: it shows them the two names that Cyrus SASL looks for, and brings no library of its own along."""

import subprocess
import sys
import unittest

PLUGIN = sys.argv.pop()


class ExportedSymbols(unittest.TestCase):
    def test_only_the_entry_points_of_a_plugin(self):
        listing = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", PLUGIN], check=True, capture_output=True,
                                 text=True).stdout
        self.assertEqual({line.split()[0] for line in listing.splitlines()}, {"sasl_server_plug_init", "sasl_client_plug_init"})

    def test_needs_only_the_runtime_of_the_language_and_what_signs(self):
        listing = subprocess.run(["readelf", "--dynamic", "--wide", PLUGIN], check=True, capture_output=True, text=True).stdout
        needed = {line.partition("[")[2].rstrip("]\n") for line in listing.splitlines() if "(NEEDED)" in line}
        self.assertLessEqual(needed, {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libcrypto.so.3",
                                      "ld-linux-x86-64.so.2"})


if __name__ == "__main__":
    unittest.main()
