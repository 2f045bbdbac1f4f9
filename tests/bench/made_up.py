"""Figures that were never measured, for the tests of the frame."""

from tecs_bench.figures import Budget, Row, Subject, decode, encode
from tecs_bench.results import Results, Topic

ROUNDS = (0.97, 1.0, 1.02, 1.01, 0.99)


def subject(name: str, **medians: float) -> Subject:
    """Each metric has this median."""
    return Subject(name, f"how {name} is configured", {metric: [median * part for part in ROUNDS]
                                                       for metric, median in medians.items()})


def connection_row() -> Row:
    """One budget is met, one is missed."""
    return Row("postfix", "a connection with a message of 5 KB, all processes", [
        subject("TECS, monitor", cpu_us=2100, wall_us=900),
        subject("say-yes auth + least no-op milter", cpu_us=2000, wall_us=850),
        subject("OpenDKIM milter", cpu_us=2500, wall_us=1000)],
        [Budget("TECS, monitor", "cpu_us", 1.10, ["say-yes auth + least no-op milter"], "DESIGN 8"),
         Budget("TECS, monitor", "cpu_us", 0.75, ["OpenDKIM milter"], "DESIGN 8")], note="what is not said elsewhere")


def decision_row(octets: float = 1e6) -> Row:
    return Row("postfix", f"At the moment of decision, a message of {octets:,.0f} octets", [
        subject("TECS, monitor", bytes=620, p50_us=2100), subject("OpenDKIM milter", bytes=octets, p50_us=39100)])


def growth_row(where: str = "from one address") -> Row:
    return Row("door", f"open sessions {where}", [
        subject(f"{count:,} open sessions", cpu_us=30 + count / 4000, memory_bytes=1e7 + 2000 * count)
        for count in (1, 100, 10_000)])


def store_row() -> Row:
    return Row("store", "verdicts inserted in batches", [
        subject("TECS on SQLite", per_second=101_000), subject("SQLite alone", per_second=116_000)],
        [Budget("TECS on SQLite", "per_second", 0.8, ["SQLite alone"], "DESIGN 8")])


def results(*rows: Row, errors: dict[str, str] | None = None, scale: float = 1.0) -> Results:
    """errors: by topic."""
    rows = rows or (connection_row(), decision_row(), growth_row(), growth_row("each from its own"), store_row())
    topics = dict.fromkeys([row.topic for row in rows]) | dict.fromkeys(errors or {})
    return Results(
        "2026-01-02T03:04:05Z", scale,
        {"processor": "Some Processor", "cores": 2, "virtual": True, "memory_bytes": 25 * 2**30, "kernel": "6.1.0",
         "system": "Debian GNU/Linux 12", "debian": "12.11"},
        {"compiler": "g++ 12.2.0", "build": "Release", "OpenSSL": "3.0.17-1", "Dovecot": "1:2.3.19"},
        {"commit": "0123456789abcdef", "date": "2026-01-02T00:00:00+00:00", "modified": False},
        [Topic(name, 10.0, (errors or {}).get(name)) for name in topics], [decode(encode(row)) for row in rows])
