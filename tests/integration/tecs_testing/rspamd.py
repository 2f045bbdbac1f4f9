"""A real rspamd, to see whom it takes for a user of its own."""

import pathlib

from .program import Program
from .waiting import wait_until
from .workspace import Workspace

_CONFIGURATION = """
options {{
  filters = "dkim";
  control_socket = "{folder}/control mode=0600";
  hs_cache_dir = "{folder}";
  # To compile the real list of public suffixes takes 15 seconds.
  url_tld = "{folder}/suffixes";
  # There is no DNS in reach, and nothing here needs any.
  dns {{ nameserver = ["127.0.0.1:1"]; }}
}}
logging {{ type = "file"; filename = "{folder}/log"; level = "info"; }}
worker "rspamd_proxy" {{
  bind_socket = "{socket} mode=0666";
  count = 1;
  milter = yes;
  timeout = 20s;
  upstream "local" {{ default = yes; self_scan = yes; }}
}}
metric "default" {{ actions {{ reject = 1000; }} }}
# By its own default it does not check the mail of users who logged in.
dkim {{ }}
"""


class Rspamd:
    """Runs from the constructor on, without Redis."""

    def __init__(self, workspace: Workspace):
        folder = workspace.folder("rspamd")
        socket = folder / "socket"
        self.socket = f"unix:{socket}"
        self._log: pathlib.Path = folder / "log"
        workspace.file("rspamd/suffixes", "example\n")
        configuration = workspace.file("rspamd/rspamd.conf", _CONFIGURATION.format(folder=folder, socket=socket))
        program = Program(workspace, "rspamd", ["rspamd", "-f", "-i", "-c", configuration])
        program.wait_for("a socket", socket.is_socket)

    def result_of(self, message_id: str) -> str:
        """The line that it logs about a message: user, action, symbols."""
        def line() -> str | None:
            return next((each for each in self._log.read_text(errors="backslashreplace").splitlines()
                         if "task_write_log" in each and f"id: <{message_id}>" in each), None)
        return wait_until(f"result of rspamd on {message_id}", line)
