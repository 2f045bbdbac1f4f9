"""Where a receiver's mail arrives, readable with all its header fields."""

import email
import email.message
import email.policy
import os
import pathlib
import pwd
from typing import Callable

from .waiting import wait_until
from .workspace import Workspace


class Mailbox:
    """A Maildir that Postfix's virtual(8) delivers everything of one domain into."""

    def __init__(self, workspace: Workspace, name: str, domain: str):
        self._owner = pwd.getpwnam("nobody")
        self._base = workspace.folder(name, owner=(self._owner.pw_uid, self._owner.pw_gid))
        self.new = self._base / "mail" / "new"
        self._read: dict[str, email.message.Message] = {}
        self.domain = domain

    def settings(self) -> dict[str, str]:
        """What main.cf needs to deliver here."""
        return {
            "virtual_mailbox_domains": self.domain,
            "virtual_mailbox_base": str(self._base),
            "virtual_mailbox_maps": "static:mail/",
            "virtual_uid_maps": f"static:{self._owner.pw_uid}",
            "virtual_gid_maps": f"static:{self._owner.pw_gid}",
        }

    def messages(self) -> list[email.message.Message]:
        if self.new.is_dir():
            for name in sorted(os.listdir(self.new)):
                if name not in self._read:
                    self._read[name] = _parse(self.new / name)
        return list(self._read.values())

    def empty(self) -> None:
        """Takes away what has arrived."""
        for name in self._read:
            (self.new / name).unlink()
        self._read.clear()

    def find(self, subject: str) -> email.message.Message | None:
        return next((each for each in self.messages() if each["Subject"] == subject), None)

    def wait_for(self, subject: str, explain: Callable[[], str] = str, seconds: float = 20.0) -> email.message.Message:
        """The message with this subject, once it is here. explain() tells what may be wrong when it does not come."""
        try:
            return wait_until(f"mail with subject {subject!r}", lambda: self.find(subject), seconds)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{explain()}") from None


def _parse(path: pathlib.Path) -> email.message.Message:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)


def unfolded(value: str) -> str:
    """A header field's value on one line."""
    return " ".join(value.split())
