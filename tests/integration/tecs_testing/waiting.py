"""Waiting for something that is going to be true, with a deadline."""

import time
from typing import Callable, TypeVar

Seen = TypeVar("Seen")


class DeadlinePassed(AssertionError):
    """What was waited for did not come in time."""


def wait_until(what: str, look: Callable[[], Seen], seconds: float = 20.0) -> Seen:
    """Looks again and again until look() gives something true, and returns that.

    `what` completes the sentence "no ... within 20 s"; it may be the only thing that a reader of a failed run sees.
    """
    deadline = time.monotonic() + seconds
    pause = 0.005
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise DeadlinePassed(f"no {what} within {seconds:g} s")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
