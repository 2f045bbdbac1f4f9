"""The epoch. Draft, Sections 6.2 (epoch) and 9.2.1 (verify-signature)."""

from __future__ import annotations

from collections.abc import Iterator

STEP = 30  # seconds


def epoch_of(time: int) -> int:
    """Section 6.2 (epoch): to the nearest multiple of 30, halves up."""
    return STEP * ((time + STEP // 2) // STEP)


def epochs_to_try(now: int, tolerance: int) -> Iterator[int]:
    """Section 9.2.1 (verify-signature): E(now), then one step earlier, one later, two earlier, and so on. What is
    before 1970 is left out, as eight unsigned octets cannot hold it."""
    middle = epoch_of(now)
    yield middle
    for steps in range(1, tolerance + 1):
        if middle - STEP * steps >= 0:
            yield middle - STEP * steps
        yield middle + STEP * steps
