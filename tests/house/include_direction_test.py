#!/usr/bin/env python3
"""Shows that include_direction.py finds what it is there to find: each row is one file that must be refused or taken."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import include_direction  # noqa: E402

ROWS = [
    # file, include, want a violation
    ("libtecs/core/a.cpp", '"tecs/adapters/key_cache.hpp"', True),
    ("libtecs/core/a.cpp", "<openssl/evp.h>", True),
    ("libtecs/core/crypto.cpp", "<openssl/evp.h>", False),
    ("libtecs/core/a.cpp", "<sys/socket.h>", True),
    ("libtecs/core/a.cpp", "<thread>", True),
    ("libtecs/include/tecs/a.hpp", "<fstream>", True),
    ("libtecs/adapters/key_cache.cpp", "<mutex>", False),
    ("libtecs/adapters/key_cache.cpp", "<ldns/ldns.h>", True),
    ("libtecs/adapters/dns/a.cpp", "<ldns/ldns.h>", False),
    ("libtecs/adapters/a.cpp", '"verdicts/verdict.hpp"', True),
    ("libtecs/c_api/a.cpp", '"tecs.h"', False),
    ("libtecs/c_api/a.cpp", '"tecs/adapters/key_cache.hpp"', False),
    ("libtecs/c_api/a.cpp", '"core/crypto.hpp"', True),
    ("libtecs/include/tecs.h", '"tecs/domain.hpp"', True),
    ("libtecs/core/a.cpp", '"c_api/call.hpp"', True),
    ("milter/a.cpp", '"tecs.h"', True),
    ("verdicts/a.cpp", '"tecs/verification.hpp"', False),
    ("verdicts/a.cpp", '"milter/options.hpp"', True),
    ("milter/a.cpp", '"signer/options.hpp"', True),
    ("signer/a.cpp", '"milter/options.hpp"', True),
    ("milter/a.cpp", '"verdicts/verdict.hpp"', False),
    ("milter/a.cpp", "<libmilter/mfapi.h>", True),
    ("milter/milter_door.cpp", "<libmilter/mfapi.h>", False),
    ("sasl/a.cpp", '"milter/auth_protocol.hpp"', True),
    ("sasl/a.cpp", '"verdicts/verdict.hpp"', True),
    ("milter/a.cpp", '"sasl/auth_dialogue.hpp"', True),
    ("sasl/a.cpp", '"sasl/auth_dialogue.hpp"', False),
    ("sasl/a.cpp", '"program/ini_file.hpp"', False),
    ("sasl/a.cpp", "<sasl/saslplug.h>", True),
    ("sasl/server_plugin.cpp", "<sasl/saslplug.h>", False),
    ("milter/a.cpp", "<asio.hpp>", True),
    ("signer/a.cpp", "<asio.hpp>", False),
    ("signer/a.cpp", "<openssl/ssl.h>", True),
    ("smtp/a.cpp", "<openssl/ssl.h>", False),
    ("smtp/a.cpp", '"signer/proxy.hpp"', True),
    ("tools/a.cpp", "<sqlite3.h>", True),
    ("stranger/a.cpp", "<vector>", False),  # not below a part: not looked at
]


class IncludeDirection(unittest.TestCase):
    def test_rows(self):
        for path, include, want in ROWS:
            with self.subTest(path=path, include=include), tempfile.TemporaryDirectory() as root:
                source = pathlib.Path(root) / path
                source.parent.mkdir(parents=True)
                source.write_text(f"// first line\n#include {include}\n")
                found = list(include_direction.violations(root))
                self.assertEqual(bool(found), want, found)
                if want:
                    self.assertTrue(found[0].startswith(f"{path}:2: "), found)


if __name__ == "__main__":
    unittest.main()
