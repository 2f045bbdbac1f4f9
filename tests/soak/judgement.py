"""Whether a daemon that runs for long stays as large as it is."""

import statistics
from dataclasses import dataclass
from typing import Sequence

KIB, MIB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Sample:
    memory: int  # octets that are resident
    descriptors: int
    threads: int
    connections: int  # that were made to it by then
    store: int = 0  # octets of the file of verdicts, of which SQLite keeps pages in memory


@dataclass(frozen=True)
class Bounds:
    """Ceilings hold at any time. The first third of all samples is the warm-up: caches fill, pools grow. Of the rest the median
    of the last quarter may lie above that of the first one by what is said here, and no more."""

    memory: int = 256 * MIB
    descriptors: int = 500
    threads: int = 300
    growth: int = 4 * MIB  # for what the allocator keeps
    growth_for_each_connection: int = 64  # octets; a leak of any object is more
    page_cache: int = 18 * MIB  # SQLite's (16 MiB) and what it needs for its account: grows with the store, until it is full
    more_descriptors: int = 16  # connections come and go
    more_threads: int = 16


def judge(samples: Sequence[Sample], bounds: Bounds = Bounds(), *, sanitized: bool = False) -> list[str]:
    """What is wrong, each as a sentence; nothing: it stays as large as it is. sanitized: a sanitizer keeps what was freed, for
    hundreds of MiB, so that memory tells nothing; LeakSanitizer looks at it instead. Descriptors and threads are the same."""
    if len(samples) < 24:
        return [f"{len(samples)} samples are too few to judge by"]
    rest = samples[len(samples) // 3:]
    quarter = len(rest) // 4
    first, last = rest[:quarter], rest[-quarter:]
    connections = last[quarter // 2].connections - first[quarter // 2].connections
    cached = min(last[-1].store, bounds.page_cache) - min(first[0].store, bounds.page_cache)
    wrong = []
    for what, ceiling, growth in (
            ("memory", bounds.memory, bounds.growth + bounds.growth_for_each_connection * connections + cached),
            ("descriptors", bounds.descriptors, bounds.more_descriptors),
            ("threads", bounds.threads, bounds.more_threads)):
        if what == "memory" and sanitized:
            continue
        most = max(getattr(each, what) for each in samples)
        if most > ceiling:
            wrong.append(f"{what} came to {most}, and {ceiling} is the ceiling")
        before, after = (statistics.median(getattr(each, what) for each in part) for part in (first, last))
        if after > before + growth:
            wrong.append(f"{what} grew from {before:.0f} to {after:.0f} over {connections} connections, and may grow by {growth}")
    return wrong
