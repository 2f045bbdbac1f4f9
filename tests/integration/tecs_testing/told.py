"""What a mail and the verdict on its connection say, whichever MTA received it."""

import unittest

from .receiver import tecs_results


class ToldTestCase(unittest.TestCase):
    """The class has a receiver: that of Postfix or of Sendmail."""

    def assert_told(self, subject: str, result: str, reason: str, domain: str) -> dict:
        """The mail arrived, and both its header and the verdict on its connection say this."""
        message = self.receiver.arrived(subject)
        verdict = self.receiver.verdict_on(message)
        self.assertEqual((verdict["result"], verdict["reason"]), (result, reason), self.receiver.explain())
        self.assertEqual(verdict["domain"], domain)
        self.assertEqual(verdict["messages"], 1)
        fields = tecs_results(message)
        self.assertEqual(len(fields), 1, fields)
        self.assertRegex(fields[0], rf"^mx\.receiver\.example; tecs={result}\b")
        return verdict
