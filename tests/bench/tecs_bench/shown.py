"""Figures as people read them: "1,234 µs", "12.3 ms", "3.0 KB"."""

import re

from .figures import Row, Subject

UNITS = {"us": "µs", "bytes": "B", "round_trips": "round trips", "per_second": "/s", "allocations": "allocations"}
WHAT = {"wall": "elapsed time", "cpu": "CPU time", "p50": "p50", "p99": "p99", "memory": "memory",
        "": {"bytes": "octets", "round_trips": "round trips", "per_second": "rate", "allocations": "allocations"}}
# The steps from one unit to the next larger one.
LARGER = {"µs": [(1e6, "s"), (1e3, "ms")], "B": [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")],
          "/s": [(1e6, " million/s")]}


def unit(metric: str) -> str:
    return UNITS[_suffix(metric)]


def what(metric: str) -> str:
    """A metric without its unit, in words."""
    suffix = _suffix(metric)
    name = metric.removesuffix(suffix).rstrip("_")
    return WHAT[""][suffix] if not name else WHAT.get(name, name.replace("_", " "))


def _suffix(metric: str) -> str:
    for suffix in UNITS:
        if metric.endswith(suffix):
            return suffix
    raise ValueError(f"{metric} does not end in its unit ({', '.join(UNITS)})")


def number(value: float) -> str:
    """Three digits that count, thousands set apart."""
    if value == 0 or abs(value) >= 99.95:
        return f"{value:,.0f}"
    if abs(value) >= 9.995:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.0995 else f"{value:.2g}"


def amount(value: float, metric: str) -> str:
    """With the largest unit in which it is 1 or more."""
    name = unit(metric)
    for size, larger in LARGER.get(name, []):
        if abs(value) >= size:
            return joined(number(value / size), larger)
    return joined(number(value), name)


def power_of_ten(power: int, metric: str) -> str:
    """10 µs, and not 10.0 µs: for an axis."""
    text = amount(10.0 ** power, metric)
    digits = re.match(r"[\d,.e+-]+", text)[0]
    return f"{float(digits.replace(',', '')):,g}{text.removeprefix(digits)}"


def joined(text: str, unit_name: str) -> str:
    return f"{text}{unit_name}" if unit_name.startswith(("/", " ")) else f"{text} {unit_name}"


def is_ours(row: Row, subject: Subject) -> bool:
    """What has our name; where nobody has it, the first one."""
    if not any("tecs" in each.name.lower() for each in row.subjects):
        return subject is row.subjects[0]
    return "tecs" in subject.name.lower()
