#!/usr/bin/env python3
"""Shows that the tests notice mistakes in the verifier, and that what says so would say the opposite too.

Usage: killed_test.py BUILD. All mutants take an hour (scripts/mutate); here are five that would let somebody in or out.
"""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from build_commands import Build, BuildError  # noqa: E402
from mutant_trial import KILLED, REFUSED, SURVIVED, Trials  # noqa: E402
from mutants import mutants_of  # noqa: E402
from run_mutants import ROOT  # noqa: E402

SOURCE = "libtecs/core/verifier.cpp"
TEXT = (ROOT / SOURCE).read_text(encoding="utf-8")
# A line of the verifier, what becomes of it, and what that would mean.
MISTAKES = [
    ("if (digest_of(candidates[i], epoch) == *signed_digest) match = Match{i, steps};",
     "if (digest_of(candidates[i], epoch) != *signed_digest) match = Match{i, steps};",
     "any RSA signature by the key is right"),
    ("if (key.verify(digest_of(candidates[i], epoch), signature)) match = Match{i, steps};",
     "if (!(key.verify(digest_of(candidates[i], epoch), signature))) match = Match{i, steps};",
     "no Ed25519 key is needed"),
    ("for (int distance = 1; distance <= tolerance; ++distance) {",
     "for (int distance = 1; distance < tolerance; ++distance) {", "who has a clock a little late is kept out"),
    ("if (!found->record->key) return end_with({Reason::key_revoked, \"the domain has revoked this key\"});",
     "if (!(!found->record->key)) return end_with({Reason::key_revoked, \"the domain has revoked this key\"});",
     "revoked keys are as good as others"),
    ("if (key.type() == KeyType::rsa && key.bits() < options_.minimum_rsa_bits) {", "if (false) {", "short keys pass"),
]


class Killed(unittest.TestCase):
    folder: pathlib.Path

    @classmethod
    def setUpClass(cls):
        cls.trials = Trials(Build(cls.folder), ROOT)
        cls.trials.prepare({"libtecs-tests"})

    def test_mistakes_in_the_verifier_are_noticed(self):
        made = {(mutant.was, mutant.becomes): mutant for mutant in mutants_of(TEXT)}
        for was, becomes, meaning in MISTAKES:
            with self.subTest(meaning):
                trial = self.trials.try_text(SOURCE, made[was, becomes].applied_to(TEXT))
                self.assertEqual(trial.outcome, KILLED)
                self.assertRegex(trial.by, "Verif")

    def test_what_makes_no_difference_is_not_noticed(self):
        changed = TEXT.replace("return false;\n}", "return !true;\n}", 1)
        self.assertNotEqual(changed, TEXT)
        self.assertEqual(self.trials.try_text(SOURCE, changed).outcome, SURVIVED)

    def test_what_the_compiler_refuses_does_not_count(self):
        self.assertEqual(self.trials.try_text(SOURCE, TEXT + "\nnot C++\n").outcome, REFUSED)

    def test_a_build_that_is_none_is_told(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(BuildError):
            Build(pathlib.Path(folder))


if __name__ == "__main__":
    Killed.folder = pathlib.Path(sys.argv.pop())
    unittest.main()
