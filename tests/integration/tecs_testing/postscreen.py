"""Postfix's postscreen(8), which looks at a client first and then hands the connection to smtpd(8)."""

from dataclasses import dataclass

from .postfix import SmtpService


@dataclass
class ScreenedService(SmtpService):
    """A Postfix has one of these at most, as the smtpd behind it has a fixed name. The settings are for that smtpd."""

    def line(self) -> str:
        behind = super().line().replace(f"{self.address}:{self.port} inet n", "smtpd pass -", 1)
        return (f"{self.address}:{self.port} inet n - n - 1 postscreen\n{behind}"
                "dnsblog unix - - n - 0 dnsblog\ntlsproxy unix - - n - 0 tlsproxy\n")


# The time for which it waits for clients that speak too early. Its default of 6 s would be waited for by each test.
SCREENING = {"postscreen_greet_action": "enforce", "postscreen_greet_wait": "1s"}
