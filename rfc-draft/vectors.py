#!/usr/bin/env python3
"""vectors.py CASES: writes the test vectors of the draft, made from the verification cases in the folder CASES.

The signed octets are put together here from the draft's own words, and not asked of libtecs.
"""
import hashlib
import ipaddress
import json
import pathlib
import re
import struct
import sys

WIDTH = 69
STEP = 30

# Each is a case, and what its section is called.
VECTORS = (
    ("01-rsa-ipv4", "RSA and IPv4"),
    ("02-rsa-ipv6", "RSA and IPv6"),
    ("03-ed25519-ipv4", "Ed25519 and IPv4"),
    ("04-ed25519-ipv6-selector", "Ed25519 and IPv6, with a Selector"),
    ("23-mapped-address-is-ipv4", "An IPv4-Mapped Address"),
    ("21-tag-order-and-white-space", "Order of Tags, and White Space"),
    ("06-one-step-early", "A Server Whose Clock Is Behind"),
    ("25-last-second-of-the-tolerance", "The Last Second of the Tolerance"),
    ("26-first-second-beyond-the-tolerance", "The First Second beyond the Tolerance"),
    ("08-other-source-port", "Another Source Port"),
    ("10-key-at-tecs", "A Key at the Second Name"),
    ("28-policy-record-skipped", "A Policy Record beside the Key"),
    ("19-bare-rsa-public-key", "A Key That Is an RSAPublicKey"),
    ("12-revoked", "A Revoked Key"),
    ("33-revoked-and-testing", "A Revoked Key of a Domain That Is Testing"),
    ("32-two-key-records", "Two Key Records"),
    ("37-rsa-credential-ed25519-key", "A Key of Another Type"),
    ("16-rsa-512-is-too-short", "A Key That Is Too Short"),
    ("79-short-key-and-wrong-signature", "A Key That Is Too Short, and a Wrong Signature"),
)

class VectorError(Exception):
    """A case is not what its vector would say."""


def epoch_of(time: int) -> int:
    return STEP * ((time + STEP // 2) // STEP)


def parse_end_point(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    host, _, port = text.rpartition(":")
    address = ipaddress.ip_address(host.strip("[]"))
    return getattr(address, "ipv4_mapped", None) or address, int(port)


def encode_end_point(text: str) -> bytes:
    address, port = parse_end_point(text)
    return bytes([address.version]) + address.packed + struct.pack(">H", port)


def signed_octets(destination: str, source: str, epoch: int) -> bytes:
    return b"TECS-1\0" + encode_end_point(destination) + encode_end_point(source) + struct.pack(">Q", epoch)


def parse_zone(text: str) -> list[tuple[str, str]]:
    """Names without the final dot, and the joined strings of each TXT record. One record is one line."""
    records = []
    for line in text.splitlines():
        found = re.fullmatch(r'(\S+)\. \d+ IN TXT \(? ?((?:"[^"\\]*" ?)+)\)?', line)
        if line.startswith(";") or not line.strip():
            continue
        if not found:
            raise VectorError(f"not a TXT record on one line: {line}")
        records.append((found[1], "".join(re.findall(r'"([^"]*)"', found[2]))))
    return records


def fold(text: str) -> str:
    """Continued lines end with a backslash, and what follows begins with white space (RFC 8792 section 7)."""
    lines = []
    rest = text
    room = WIDTH
    while len(rest) > room:
        place = room - 1
        # White space at the beginning of the next line would be lost.
        while rest[place] == " ":
            place -= 1
        lines.append(rest[:place] + "\\")
        rest = rest[place:]
        room = WIDTH - 3
    lines.append(rest)
    return "\n   ".join(lines)


def visible(text: str) -> str:
    if "<" in text or "\\" in text:
        raise VectorError(f"cannot be shown unchanged: {text}")
    return text.replace("\t", "<TAB>").replace("\r\n", "<CRLF>")


def block(lines: list[str]) -> list[str]:
    return ["~~~", *lines, "~~~", ""]


def hex_lines(octets: bytes) -> list[str]:
    text = octets.hex()
    return [text[i : i + 64] for i in range(0, len(text), 64)]


def octet_lines(title: str, octets: bytes) -> list[str]:
    return [title, *hex_lines(octets), "", "SHA-256 of them:", hashlib.sha256(octets).hexdigest(), ""]


def signed_part(case: dict) -> list[str]:
    """What the client signed, as far as the case tells, and what the server looks for."""
    now = epoch_of(case["now"])
    if case["result"] == "pass":
        epoch = now + case["epoch_offset"]
        octets = signed_octets(case["destination"], case["source"], epoch)
        if case.get("signed_octets", octets.hex()) != octets.hex():
            raise VectorError("the case says that other octets were signed")
        return [f"epoch signed:   {epoch}", "", *octet_lines("signed octets:", octets)]
    lines = [""]
    seen = signed_octets(case["destination"], case["source"], now)
    if "signed_octets" in case and bytes.fromhex(case["signed_octets"]) != seen:
        lines += octet_lines("octets that the client signed:", bytes.fromhex(case["signed_octets"]))
    return lines + octet_lines("octets as the server sees them, with E(now):", seen)


def section(title: str, case: dict, records: list[tuple[str, str]]) -> list[str]:
    key = pathlib.Path(case["signing_key"]).stem if "signing_key" in case else "not given here"
    lines = [
        f"destination:    {case['destination']}",
        f"source:         {case['source']}",
        f"server's time:  {case['now']}",
        f"E(now):         {epoch_of(case['now'])}",
        f"private key:    {key}",
        *signed_part(case),
    ]
    for name, text in records:
        lines += [f"TXT record at {name}:", fold(visible(text)), ""]
    reason = f" ({case['reason']})" if "reason" in case else ""
    lines += ["credential:", fold(visible(case["credential"])), "", f"result: {case['result']}{reason}"]
    if case.get("testing"):
        lines.append("testing: yes")
    return [f"## {title}", "", *block(lines)]


def private_keys(keys: list[pathlib.Path]) -> list[str]:
    lines = [
        "## Private Keys", "",
        "Both algorithms are deterministic: whoever signs the octets of a vector with its key gets the signature that "
        "stands there. These keys are public and MUST NOT be used for anything else.", "",
    ]
    for key in keys:
        lines += [f"{key.stem}:", "", *block(key.read_text(encoding="ascii").splitlines())]
    return lines


def vectors(folder: pathlib.Path) -> str:
    lines = [
        "`<TAB>` and `<CRLF>` stand for these octets. Integers in the signed octets are as in {{signed-octets}}. "
        'Behind "private key" is its name in the first of these sections.', "",
    ]
    sections = []
    keys = set()
    for name, title in VECTORS:
        case = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        records = parse_zone((folder / f"{name}.zone").read_text(encoding="utf-8"))
        try:
            sections += section(title, case, records)
        except VectorError as error:
            raise VectorError(f"{name}: {error}") from None
        if "signing_key" in case:
            keys.add(folder / case["signing_key"])
    return "\n".join(lines + private_keys(sorted(keys)) + sections)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        sys.stdout.write(vectors(pathlib.Path(arguments[0])))
    except (VectorError, OSError) as error:
        print(f"vectors.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
