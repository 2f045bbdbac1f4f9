#!/usr/bin/env python3
"""Shows that reason_headings.py finds what it is there to find: each row is one change to words and page that fit."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import reason_headings  # noqa: E402

REASON = "libtecs/include/tecs/reason.hpp"
COMPLAINT = "verdicts/complaint.hpp"
SYMBOL = "milter/policy/symbol.cpp"
TREE = {
    REASON: "enum class Result { none, pass };\nenum class Reason : std::uint8_t {\n  // a comment, and one more,\n"
            "  no_key,  // none\n  replay,\n};\n",
    COMPLAINT: "enum class ComplaintReason : std::uint8_t {\n  none,     // counts\n  not_arf,  // none\n};\n",
    SYMBOL: 'rows{{{"EXEMPT", 0},\n {"TECS_PASS", -1000}}};\n',
    reason_headings.PAGE: "# A page\n\n## Words\n\n### `no-key`\n\n### `replay`\n\n## Symbols\n\n| symbol |\n| `EXEMPT` | a |\n"
                          "| `TECS_PASS` | `not-this` |\n\n## Complaints\n\n| `not-arf` | a |\n\n## More\n\n| `what` | ever |\n",
}

# what it is, file, text to replace, replacement, want
ROWS = [
    ("nothing changed", REASON, "", "", []),
    ("a new reason", REASON, "  replay,\n", "  replay,\n  no_dnssec,\n", ["the reason no-dnssec is not in it"]),
    ("a reason without a comma", REASON, "  replay,\n", "  replay\n", []),
    ("a heading of nothing", reason_headings.PAGE, "`replay`", "`reply`", ["there is no reason reply", "the reason replay is not in it"]),
    ("a heading twice", reason_headings.PAGE, "### `no-key`\n", "### `no-key`\n### `no-key`\n", ["the reason no-key is in it twice"]),
    ("a new symbol", SYMBOL, '{"EXEMPT", 0}', '{"EXEMPT", 0}, {"REP_BAD", 6000}', ["the symbol REP_BAD is not in it"]),
    ("a row of nothing", reason_headings.PAGE, "`EXEMPT`", "`EXAMPLE`", ["there is no symbol EXAMPLE", "the symbol EXEMPT is not in it"]),
    ("a new reason of complaints", COMPLAINT, "  not_arf,", "  not_arf,\n  too_old,", ["the reason of complaints too-old is not in it"]),
    ("the table is gone", reason_headings.PAGE, "## Complaints", "## Compliments", ["the reason of complaints not-arf is not in it"]),
]


class ReasonHeadings(unittest.TestCase):
    def test_rows(self):
        for name, path, text, replacement, want in ROWS:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                for file, contents in TREE.items():
                    (root / file).parent.mkdir(parents=True, exist_ok=True)
                    (root / file).write_text(contents.replace(text, replacement) if text and file == path else contents)
                self.assertEqual(list(reason_headings.differences(root)), [f"{reason_headings.PAGE}: {line}" for line in want])


if __name__ == "__main__":
    unittest.main()
