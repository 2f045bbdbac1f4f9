"""The words for results and reasons. Draft, Section 10 (results)."""

from __future__ import annotations


class Ended(Exception):
    """A step of the verification gave a result other than pass; the first that does ends it (Section 9.2)."""

    def __init__(self, result: str, reason: str, testing: bool = False) -> None:
        super().__init__(f"{result}: {reason}")
        self.result = result
        self.reason = reason
        self.testing = testing  # the key record could be read, and says t=y


def permerror(reason: str) -> Ended:
    """The credential is malformed, or there is no usable key."""
    return Ended("permerror", reason)


def temperror(reason: str) -> Ended:
    """It could not be verified now."""
    return Ended("temperror", reason)


def fail(reason: str) -> Ended:
    """The signature does not verify, or the key is revoked, or it is a replay."""
    return Ended("fail", reason)


def policy(reason: str) -> Ended:
    """The signature verifies, but local policy does not accept it."""
    return Ended("policy", reason)
