#!/usr/bin/env python3
"""Shows which mutants are made of a text, and that none is made of what is not run."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import listed_lines  # noqa: E402
import run_mutants  # noqa: E402
from mutants import NOTHING, masked, mutants_of  # noqa: E402

# A line of a function's body, want what becomes of it.
ROWS = [
    ("return a == b;", {"return a != b;"}),
    ("return a < b;", {"return a <= b;"}),
    ("return a >= 7;", {"return a > 7;", "return a >= 7 + 1;"}),
    ("return a && b;", {"return a || b;"}),
    ("return a + b;", {"return a - b;"}),
    ("return !a;", {"return a;"}),
    ("return true;", {"return false;"}),
    ("return a++;", {"return a--;"}),
    ("constexpr int most = 512;", {"constexpr int most = 512 + 1;"}),
    ("if (a) return b;", {"if (!(a)) return b;", "if (false) return b;"}),
    ("if (a == b) return c;", {"if (a != b) return c;", "if (false) return c;"}),
    ("if (a(b) || c) return d;", {"if (!(a(b) || c)) return d;", "if (false) return d;", "if (a(b) && c) return d;"}),
    ("if (const auto a = b(); !a) return c;",
     {"if (const auto a = b(); !(!a)) return c;", "if (const auto a = b(); false) return c;"}),
    ("if (const auto a = b()) return c;",
     {"if (const auto a = b(); !a) return c;", "if (const auto a = b(); a && false) return c;"}),
    ("while (a) b();", {"while (false) b();"}),
    ("for (int i = 0; i < a; ++i) b();", {"for (int i = 0; i <= a; ++i) b();"}),
    ("return a ? b : c;", {"return a == false ? b : c;"}),
    ("return a == b ? c : d;", {"return a != b ? c : d;"}),
    ("a.b(c);", {NOTHING}),
    ("a->b(c).d();", {NOTHING}),
    ("a[b] = c;", {NOTHING}),
    ("*a++ = b;", {NOTHING, "*a-- = b;"}),
    ("break;", {NOTHING}),
    # What is not run, or what it takes two hands to break.
    ("// return a == b;", set()),
    ('return "a == b";', set()),
    ("return 'a';", set()),
    ('return a + "b";', set()),
    ("const int a = b;", set()),
    ("std::vector<int> a;", set()),
    ("auto&& a = b;", set()),
    ("return 1'000;", set()),
]


class Mutants(unittest.TestCase):
    def test_rows(self):
        for line, want in ROWS:
            with self.subTest(line):
                made = mutants_of(f"int f() {{\n  {line}\n}}\n")
                self.assertEqual({mutant.becomes for mutant in made}, want)
                self.assertEqual({(mutant.was, mutant.line) for mutant in made}, {(line, 2)} if want else set())

    def test_a_mutant_differs_in_one_place(self):
        text = "int f() {\n  if (a &&\n      b) {\n    c(\n        d);\n  }\n}\n"
        for mutant in mutants_of(text):
            changed = mutant.applied_to(text)
            self.assertEqual(changed[:mutant.begin], text[:mutant.begin])
            self.assertTrue(changed.endswith(text[mutant.end:]))
            self.assertNotEqual(changed, text)
        self.assertEqual([(mutant.was, mutant.becomes) for mutant in mutants_of(text) if mutant.line == 4],
                         [("c( d);", NOTHING)])

    def test_no_mutant_is_made_twice(self):
        text = "bool f() {\n  if (!a) return true;\n  return a == b && !c;\n}\n"
        changed = [mutant.applied_to(text) for mutant in mutants_of(text)]
        self.assertEqual(len(changed), len(set(changed)))

    def test_what_is_masked_keeps_its_place(self):
        text = 'a("b\\"c" /* d\n e */, \'"\');  // f "\n#define G "h\nR"x(i)")x" j;\n'
        self.assertEqual([len(line) for line in masked(text).split("\n")], [len(line) for line in text.split("\n")])
        self.assertEqual(masked(text).replace("_", " ").split(), ['a("', '"', ",", "'", "');", "R", '"', "j;"])


class KnownResults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "below", "results.jsonl")

    def results(self, afresh=False):
        return run_mutants.Results(self.path, afresh)

    def test_what_was_added_is_known_to_the_next_run(self):
        self.results().add({"key": "a", "outcome": "survived"})
        self.results().add({"key": "a", "outcome": "killed"})
        self.assertEqual(self.results().known, {"a": {"key": "a", "outcome": "killed"}})
        self.assertEqual(self.results(afresh=True).known, {})
        self.assertEqual(self.results().known, {})

    def test_a_line_that_was_cut_short_is_tried_again(self):
        self.results().add({"key": "a", "outcome": "killed"})
        with self.path.open("a", encoding="utf-8") as file:
            file.write('{"key": "b", "outc')
        self.assertEqual(self.results().known.keys(), {"a"})
        self.results().add({"key": "c", "outcome": "killed"})
        self.assertEqual(self.results().known.keys(), {"a", "c"})

    def test_a_mutant_of_a_changed_source_is_another(self):
        text = "bool f() {\n  return true;\n}\n"
        [mutant] = mutants_of(text)
        key = run_mutants.Results.key
        self.assertEqual(key("a.cpp", text, mutant), key("a.cpp", text, mutant))
        keys = {key("a.cpp", text, mutant), key("b.cpp", text, mutant), key("a.cpp", text + "\n", mutant)}
        self.assertEqual(len(keys), 3)


class Equivalents(unittest.TestCase):
    """What is said to be equivalent must still be made: a line that has changed wants to be looked at anew."""

    def test_each_is_made_and_of_a_source_that_mutants_are_made_of(self):
        made = {(name, mutant.was, mutant.becomes) for name in run_mutants.sources([])
                for mutant in mutants_of((run_mutants.ROOT / name).read_text(encoding="utf-8"))}
        self.assertEqual(sorted(run_mutants.equivalents().keys() - made), [])

    def test_none_is_listed_twice(self):
        entries = listed_lines.read(run_mutants.EQUIVALENT, ("file", "line", "becomes", "because"), "becomes")
        self.assertEqual(len(entries), len(run_mutants.equivalents()))


if __name__ == "__main__":
    unittest.main()
