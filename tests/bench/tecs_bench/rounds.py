"""Measures subjects in turns, so that whatever else happens on the machine happens to all of them."""

import contextlib
import contextvars
import time
from typing import Callable, Iterator, Mapping

Measurement = Callable[[], Mapping[str, float]]

# Whoever runs a topic is told of the rounds without the topic's doing.
_say: contextvars.ContextVar[Callable[[str], None]] = contextvars.ContextVar("say", default=lambda line: None)
SECONDS_BETWEEN_LINES = 2.0


@contextlib.contextmanager
def told_to(say: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile interleave() says which round it is in, when the last line was some seconds ago."""
    token = _say.set(say)
    try:
        yield
    finally:
        _say.reset(token)


def interleave(subjects: Mapping[str, Measurement], rounds: int = 5,
               warm_up: int = 1) -> dict[str, dict[str, list[float]]]:
    """Runs every subject once in each round, and returns subject -> metric -> one figure for each round.

    Each round begins with the next subject, so that none always follows the same other. What the warm_up rounds
    measure is forgotten. A subject must return the same metrics each time.
    """
    names = list(subjects)
    figures: dict[str, dict[str, list[float]]] = {name: {} for name in names}
    last_line = time.monotonic()
    for number in range(-warm_up, rounds):
        first = number % len(names) if names else 0
        for name in names[first:] + names[:first]:
            if time.monotonic() - last_line > SECONDS_BETWEEN_LINES:
                _say.get()(f"{'warming up' if number < 0 else f'round {number + 1} of {rounds}'}: {name}")
                last_line = time.monotonic()
            measured = subjects[name]()
            if number >= 0:
                _keep(figures[name], name, measured, is_first=number == 0)
    return figures


def _keep(kept: dict[str, list[float]], name: str, measured: Mapping[str, float], is_first: bool) -> None:
    if not is_first and set(measured) != set(kept):
        raise ValueError(f"{name} measured {sorted(measured)} after {sorted(kept)}")
    for metric, value in measured.items():
        kept.setdefault(metric, []).append(float(value))
