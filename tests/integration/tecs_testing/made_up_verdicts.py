"""Verdicts as a busy receiver would have written them: many, always the same ones for the same seed and time."""

import datetime
import json
import math
import random
from typing import Iterator

# Shares of connections. Reasons as tecs-milter writes them.
_OUTCOMES = [("pass", "", 58), ("none", "", 33), ("fail", "signature-mismatch", 4), ("permerror", "no-key", 2),
             ("temperror", "dns-timeout", 1), ("policy", "key-too-short", 1), ("fail", "replay", 1)]
_SCORES = {"pass": -3.0, "none": 0.5, "fail": 4.0, "permerror": 1.0, "temperror": 0.0, "policy": 1.0}
_RECEIVERS = ["mx1.example.net", "mx2.example.net", "mx.customer.example"]
DOMAINS = [f"{name}.example" for name in (
    "newsletter.shop", "relay.isp", "mail.university", "lists.project", "bank", "bulk", "weather", "library", "clinic",
    "museum")] + [f"small{number}.example" for number in range(40)]


def _written(time: datetime.datetime) -> str:
    return time.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def made_up_verdicts(count: int, end: datetime.datetime, hours: int, seed: int = 7) -> Iterator[str]:
    """JSON lines. Days have a rhythm, and for some hours in the middle nothing was recorded."""
    chance = random.Random(seed)
    for number in range(count):
        while True:
            age = chance.uniform(0.01, hours)
            hour = (end - datetime.timedelta(hours=age)).hour
            quiet = 0.45 * hours < age < 0.5 * hours
            if not quiet and chance.random() < 0.6 + 0.4 * math.sin((hour - 8) / 24 * 2 * math.pi):
                break
        yield json.dumps(_one(number, end - datetime.timedelta(hours=age), age / hours, chance))


def _one(number: int, time: datetime.datetime, age: float, chance: random.Random) -> dict:
    result, reason, _ = chance.choices(_OUTCOMES, [share for *_, share in _OUTCOMES])[0]
    # Domains come into use one after the other, and few have most connections.
    known = max(10, int(len(DOMAINS) * (1 - age)))
    domain = "" if result == "none" else DOMAINS[min(int(chance.paretovariate(0.7)) - 1, known - 1)]
    return {
        "id": f"0190163d-8694-739b-aea5-{number:012d}", "time": _written(time),
        "receiver": chance.choices(_RECEIVERS, [6, 3, 1])[0], "server": "192.0.2.25:25",
        "client": f"198.51.100.{chance.randrange(1, 255)}:{chance.randrange(1024, 65535)}",
        "client_network": "198.51.100.0/24", "helo": domain or "client.example", "result": result, "reason": reason,
        "domain": domain, "organizational_domain": ".".join(domain.split(".")[-2:]),
        "score": round(_SCORES[result] + chance.gauss(0, 1.2), 1), "messages": chance.randrange(1, 4), "recipients": 3,
        "bytes": 4000, "duration": int(chance.lognormvariate(13.5, 1)),
        "dns_time": 0 if not domain else int(chance.lognormvariate(8.5, 1.1)),
        "verification_time": 0 if not domain else int(chance.lognormvariate(3.2, 0.4))}
