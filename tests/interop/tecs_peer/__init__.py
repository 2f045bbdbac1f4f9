"""Signer and verifier of TECS-1, written from the Internet-Draft alone. README.md says why."""
