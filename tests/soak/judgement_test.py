#!/usr/bin/env python3
"""What the rule takes for flat, and what for growing: each row is a series of samples."""

import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from judgement import KIB, MIB, Sample, judge  # noqa: E402

COUNT = 240  # samples
# Connections between two of them, in runs of that length: 38,400 in an hour, 1,200 in a minute.
HOUR, MINUTE = 160, 5
NOISE = random.Random(1)


def series(memory=lambda at: 20 * MIB, descriptors=lambda at: 40, threads=lambda at: 20, store=lambda at: 0,
           count=COUNT, rate=HOUR):
    return [Sample(int(memory(at)), int(descriptors(at)), int(threads(at)), at * rate, store(at)) for at in range(count)]


# what it is, samples, what the sentences are about
ROWS = [
    ("flat", series(), []),
    ("noisy", series(memory=lambda at: 20 * MIB + NOISE.randrange(3 * MIB), descriptors=lambda at: 40 + NOISE.randrange(30),
                     threads=lambda at: 20 + NOISE.randrange(20)), []),
    ("grows while it warms up", series(memory=lambda at: 20 * MIB + min(at, 70) * MIB), []),
    ("a peak for a moment", series(memory=lambda at: 100 * MIB if at == 150 else 20 * MIB), []),
    ("grows with the store while its pages are cached",
     series(memory=lambda at: 20 * MIB + min(at * 100 * KIB, 16 * MIB), store=lambda at: at * 100 * KIB), []),
    ("grows with the store for ever", series(memory=lambda at: 20 * MIB + at * 200 * KIB, store=lambda at: at * 200 * KIB),
     ["memory grew"]),
    ("a step that stays", series(memory=lambda at: (20 if at < 140 else 28) * MIB), ["memory grew"]),
    ("an hour: leaks 512 octets a connection", series(memory=lambda at: 20 * MIB + at * HOUR * 512), ["memory grew"]),
    ("an hour: leaks a descriptor in a thousand connections", series(descriptors=lambda at: 40 + at * HOUR / 1000),
     ["descriptors grew"]),
    ("an hour: leaks a thread in a thousand connections", series(threads=lambda at: 20 + at * HOUR / 1000), ["threads grew"]),
    ("a minute: leaks 16 KiB a connection", series(memory=lambda at: 20 * MIB + at * MINUTE * 16 * KIB, rate=MINUTE),
     ["memory grew"]),
    ("a minute: leaks a descriptor in thirty connections", series(descriptors=lambda at: 40 + at * MINUTE / 30, rate=MINUTE),
     ["descriptors grew"]),
    ("a minute: leaks a thread in thirty connections", series(threads=lambda at: 20 + at * MINUTE / 30, rate=MINUTE),
     ["threads grew"]),
    ("too much memory", series(memory=lambda at: 300 * MIB), ["memory came to"]),
    ("too many descriptors for a moment", series(descriptors=lambda at: 600 if at == 3 else 40), ["descriptors came to"]),
    ("too many threads", series(threads=lambda at: 301), ["threads came to"]),
    ("too short", series(count=20), ["20 samples"]),
]


class Judgement(unittest.TestCase):
    def test_memory_is_a_sanitizers_to_judge_and_nothing_else_is(self):
        leaks = series(memory=lambda at: 20 * MIB + at * MIB, descriptors=lambda at: 40 + at, threads=lambda at: 20 + at)
        self.assertEqual([each.split()[0] for each in judge(leaks, sanitized=True)], ["descriptors", "threads"])

    def test_rows(self):
        for name, samples, want in ROWS:
            with self.subTest(name):
                sentences = judge(samples)
                self.assertEqual(len(sentences), len(want), sentences)
                for sentence, beginning in zip(sentences, want):
                    self.assertTrue(sentence.startswith(beginning), sentence)


if __name__ == "__main__":
    unittest.main()
