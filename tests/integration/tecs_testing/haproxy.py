"""A real HAProxy before a mail server."""

import re
from typing import Sequence

from .ports import written
from .program import Program
from .waiting import wait_until
from .workspace import Workspace

_CONFIGURATION = """
global
  log stderr format raw local0
{own}defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
{own_defaults}"""


class HaProxy:
    """Runs from the constructor on. Each way is the end point that clients connect to, and the one of the server behind it."""

    def __init__(self, workspace: Workspace, ways: dict[str, str], *, proxy_protocol: bool, settings: Sequence[str] = (),
                 defaults: Sequence[str] = ()):
        """settings, defaults: further lines of these sections."""
        sends = " send-proxy" if proxy_protocol else ""
        parts = [f"listen way{number}\n  bind {front}\n  server mx {back}{sends}\n"
                 for number, (front, back) in enumerate(ways.items())]
        name = "haproxy-with-protocol" if proxy_protocol else "haproxy-without-protocol"
        name += "".join(f"-{line.split()[-1]}" for line in (*settings, *defaults))
        text = _CONFIGURATION.format(own=_lines(settings), own_defaults=_lines(defaults))
        configuration = workspace.file(f"{name}/haproxy.cfg", text + "".join(parts))
        # Ends at SIGTERM as if killed by it.
        program = Program(workspace, name, ["haproxy", "-W", "-db", "-f", configuration], ends_with=(0, 143))
        program.wait_for("a start", lambda: re.search("Loading success", program.log.read_text()))
        self.pid = program.pid  # of the master


def _lines(words: Sequence[str]) -> str:
    return "".join(f"  {line}\n" for line in words)
