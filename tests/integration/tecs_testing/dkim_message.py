"""A DKIM signature (RFC 6376) over a message, with openssl: as a sender makes it, or with somebody else's octets for b=."""

import base64
import hashlib
import pathlib
import subprocess

BODY = b"Hello.\r\n"
FROM = "sender@%s"


def signed_field(domain: str, selector: str, signature: str = "") -> str:
    """The body of the field DKIM-Signature, canonical as "relaxed" has it, for BODY and the field From."""
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    return (f"v=1; a=rsa-sha256; c=relaxed/simple; d={domain}; s={selector}; h=from; bh={digest}; b={signature}")


def dkim_signature(key: pathlib.Path, domain: str, selector: str) -> str:
    """The base64 for b= (RFC 6376 section 3.7)."""
    canonical = f"from:{FROM % domain}\r\ndkim-signature:{signed_field(domain, selector)}"
    made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=canonical.encode(), check=True,
                          capture_output=True)
    return base64.b64encode(made.stdout).decode()


def message(domain: str, selector: str, signature: str, subject: str) -> bytes:
    return (f"DKIM-Signature: {signed_field(domain, selector, signature)}\r\nFrom: {FROM % domain}\r\n"
            f"Subject: {subject}\r\n\r\n").encode() + BODY
