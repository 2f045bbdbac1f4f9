#!/usr/bin/env python3
"""Holds the direction of includes: which part may see which, and which library is seen where.

Usage: include_direction.py ROOT. Prints every violation as file:line and exits 1 if there is one.
"""

import pathlib
import re
import sys

# A part sees itself and these. libtecs/core sees neither the adapters nor anything that does I/O.
MAY_SEE = {
    # tecs.h, for C, stands alone. Behind it is the C++ interface that others see too, and nothing of the inside.
    "libtecs/include": set(),
    "libtecs/c_api": {"libtecs/include", "libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "libtecs/include/tecs": {"libtecs/include/tecs"},
    "libtecs/include/tecs/adapters": {"libtecs/include/tecs"},
    "libtecs/core": {"libtecs/include/tecs"},
    "libtecs/adapters": {"libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "program": {"libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "verdicts": {"libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "milter": {"verdicts", "program", "libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    # It is loaded into MTAs and brings along only what it needs: of program/ what reads files of settings.
    "sasl": {"program", "libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    # The client's side of SMTP, which the signer and "tecs probe" share.
    "smtp": {"libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "signer": {"smtp", "verdicts", "program", "libtecs/include/tecs", "libtecs/include/tecs/adapters"},
    "tools": {"smtp", "verdicts", "program", "libtecs/include/tecs", "libtecs/include/tecs/adapters"},
}

# How an include names a part; the first match wins.
PART_OF_INCLUDE = [
    ("tecs.h", "libtecs/include"),
    ("c_api/", "libtecs/c_api"),
    ("tecs/adapters/", "libtecs/include/tecs/adapters"),
    ("tecs/", "libtecs/include/tecs"),
    ("core/", "libtecs/core"),
    ("adapters/", "libtecs/adapters"),
    ("program/", "program"),
    ("verdicts/", "verdicts"),
    ("milter/", "milter"),
    ("sasl/", "sasl"),
    ("signer/", "signer"),
    ("smtp/", "smtp"),
    ("tools/", "tools"),
]

# A library's header, and the only places that may include it. A place is a folder (final slash) or a file.
LIBRARY_PLACES = [
    (r"openssl/", ["libtecs/core/crypto.cpp", "libtecs/core/rsa_public_key_der.cpp", "libtecs/core/openssl_memory.hpp",
                   "smtp/"]),
    (r"ldns/", ["libtecs/adapters/dns/"]),
    (r"libmilter/", ["milter/milter_door.cpp"]),
    (r"sasl/sasl(plug)?\.h", ["sasl/server_plugin.cpp", "sasl/client_plugin.cpp", "sasl/cyrus_calls.hpp"]),
    (r"asio(\.hpp|/)", ["signer/"]),
    (r"sqlite3\.h", ["verdicts/"]),
    (r"libpq-fe\.h", ["verdicts/postgres_connection.cpp", "verdicts/postgres_uri.cpp"]),
    (r"gmime/", ["verdicts/arf_message.cpp", "verdicts/arf_composition.cpp"]),
    (r"libpsl\.h", ["verdicts/"]),
    (r"idn2\.h", ["smtp/a_labels.cpp"]),
    (r"systemd/", ["program/"]),
    (r"prometheus/", ["program/prometheus_listener.cpp", "milter/metrics.cpp", "signer/signer_metrics.cpp"]),
    (r"nlohmann/", ["verdicts/", "tools/"]),
    (r"boost/", ["program/", "milter/", "signer/", "tools/"]),
    (r"spdlog/", ["program/", "verdicts/", "milter/", "signer/", "tools/"]),
]

# The core has no socket, file, clock or thread. arpa/inet.h is there for inet_pton and inet_ntop, which ask nobody.
FORBIDDEN_IN_CORE = re.compile(
    r"^(sys/.*|netdb\.h|unistd\.h|fcntl\.h|poll\.h|netinet/.*|fstream|iostream|filesystem|thread|mutex|"
    r"shared_mutex|condition_variable|atomic|future|ctime|time\.h)$"
)

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def part_of_file(path):
    best = None
    for part in MAY_SEE:
        if path.startswith(part + "/") and (best is None or len(part) > len(best)):
            best = part
    return best


def part_of_include(name):
    return next((part for prefix, part in PART_OF_INCLUDE if name.startswith(prefix)), None)


def complaint(path, part, name):
    """What is wrong with this include, or None."""
    seen = part_of_include(name)
    # libmilter's own folder is not ours.
    if seen and seen != part and seen not in MAY_SEE[part]:
        return f"{part} must not see {seen}"
    for pattern, places in LIBRARY_PLACES:
        if re.match(pattern, name) and not any(path == p or (p.endswith("/") and path.startswith(p)) for p in places):
            return f"only {', '.join(places)} may include <{name}>"
    if part in ("libtecs/core", "libtecs/include/tecs") and FORBIDDEN_IN_CORE.match(name):
        return f"the core does no I/O and has no clock or thread, but includes <{name}>"
    return None


def violations(root):
    root = pathlib.Path(root)
    for part in ["libtecs", "program", "verdicts", "milter", "sasl", "signer", "smtp", "tools"]:
        for source in sorted((root / part).rglob("*")):
            if source.suffix not in (".cpp", ".hpp", ".c", ".h"):
                continue
            path = source.relative_to(root).as_posix()
            owner = part_of_file(path)
            if owner is None:
                yield f"{path}:1: belongs to no part that include_direction.py knows"
                continue
            for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
                include = INCLUDE.match(line)
                wrong = include and complaint(path, owner, include.group(1))
                if wrong:
                    yield f"{path}:{number}: {wrong}"


def main():
    found = list(violations(sys.argv[1]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
