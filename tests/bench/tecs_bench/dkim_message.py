"""A message as a mail program makes it, signed with DKIM (RFC 6376) as OpenDKIM does by default: relaxed/simple."""

import base64
import hashlib
import pathlib
import re
import subprocess

SELECTOR = "bench"
_SIGNED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")


def signed_message(key: pathlib.Path, domain: str, size: int) -> bytes:
    """About that many octets, header included; lines end with CRLF."""
    fields = {
        "From": f"Some Body <bench@{domain}>",
        "To": "Someone Else <someone@receiver.example>",
        "Subject": "The minutes of our last meeting, and what is left to do",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "Message-ID": f"<20261122120000.7F3A21C4@out.{domain}>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "7bit",
    }
    received = (f"Received: from laptop.{domain} (laptop.{domain} [192.0.2.77])\r\n\tby out.{domain} (Postfix) with ESMTPSA"
                " id 4RkQ2b1xYz\r\n\tfor <someone@receiver.example>; Sun, 22 Nov 2026 12:00:00 +0000 (UTC)\r\n")
    header = received + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "User-Agent: Bench/1.0\r\n"
    body = _body(size - len(header) - 600)
    return (_signature(key, domain, fields, body) + header + "\r\n").encode() + body


def _body(size: int) -> bytes:
    line = b"All work and no play makes for dull mail, which is what most of it is.\r\n"
    return line * max(1, size // len(line))


def _signature(key: pathlib.Path, domain: str, fields: dict[str, str], body: bytes) -> str:
    body_hash = base64.b64encode(hashlib.sha256(body).digest()).decode()
    unsigned = (f"v=1; a=rsa-sha256; c=relaxed/simple; d={domain}; s={SELECTOR};\r\n\tt=1795348800; bh={body_hash};\r\n"
                f"\th={':'.join(_SIGNED)};\r\n\tb=")
    signed = "".join(f"{name.lower()}:{_relaxed(fields[name])}\r\n" for name in _SIGNED)
    signed += f"dkim-signature:{_relaxed(unsigned)}"
    octets = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed.encode(), capture_output=True,
                            check=True).stdout
    folded = re.sub(r"(.{64})(?=.)", r"\1" + "\r\n\t ", base64.b64encode(octets).decode())
    return f"DKIM-Signature: {unsigned}{folded}\r\n"


def _relaxed(value: str) -> str:
    """RFC 6376 section 3.4.2, of a value without its name."""
    return re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip()
