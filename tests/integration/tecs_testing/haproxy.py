"""A real HAProxy before a mail server."""

import re

from .ports import written
from .program import Program
from .waiting import wait_until
from .workspace import Workspace

_CONFIGURATION = """
global
  log stderr format raw local0
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
"""


class HaProxy:
    """Runs from the constructor on. Each way is the end point that clients connect to, and the one of the server behind it."""

    def __init__(self, workspace: Workspace, ways: dict[str, str], *, proxy_protocol: bool):
        sends = " send-proxy" if proxy_protocol else ""
        parts = [f"listen way{number}\n  bind {front}\n  server mx {back}{sends}\n"
                 for number, (front, back) in enumerate(ways.items())]
        name = "haproxy-with-protocol" if proxy_protocol else "haproxy-without-protocol"
        configuration = workspace.file(f"{name}/haproxy.cfg", _CONFIGURATION + "".join(parts))
        # Ends at SIGTERM as if killed by it.
        program = Program(workspace, name, ["haproxy", "-W", "-db", "-f", configuration], ends_with=(0, 143))
        program.wait_for("a start", lambda: re.search("Loading success", program.log.read_text()))
