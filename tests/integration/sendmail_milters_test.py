"""Real OpenDKIM and rspamd behind tecs-milter on a real Sendmail: whom they take for a user of this host."""

import pathlib

from tecs_testing.opendkim import OpenDkim
from tecs_testing.receiver import DOMAIN
from tecs_testing.rspamd import Rspamd
from tecs_testing.sendmail_receiver import SendmailTestCase

FILTERS = """
INPUT_MAIL_FILTER(`opendkim', `S=unix:/run/opendkim/socket, T=C:5s;S:10s;R:30s;E:1m')dnl
INPUT_MAIL_FILTER(`rspamd', `S=unix:/run/rspamd/socket, T=C:5s;S:10s;R:30s;E:1m')dnl
"""


class OtherMiltersTestCase(SendmailTestCase):
    SETTINGS = FILTERS

    @classmethod
    def set_up(cls) -> None:
        cls.opendkim, cls.rspamd = OpenDkim(cls.workspace), Rspamd(cls.workspace)
        cls.set_up_receiver(settings=cls.SETTINGS)
        for name in ("opendkim", "rspamd"):  # Sendmail looks for them when a client comes
            cls.receiver.sendmail.bind(cls.workspace.path / name, f"/run/{name}")

    def send(self, name: str) -> None:
        """Mail of a stranger with an address of ours in From, as forgers like it."""
        with self.connect() as client:
            self.assertEqual(client.authenticate(client.credential(self.domain)), 235)
            client.sendmail("somebody@stranger.example", [f"somebody@{DOMAIN}"], (
                f"From: boss@{DOMAIN}\r\nSubject: {name}\r\nMessage-ID: <{name}@stranger.example>\r\n"
                "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n\r\nHello.\r\n"))


class ToldOfTheLogin(OtherMiltersTestCase):
    """As Sendmail does by itself: without this control the other test would see no harm done."""

    def test_a_stranger_is_taken_for_a_user(self) -> None:
        self.send("told")
        self.assertIn(f"d={DOMAIN}", self.receiver.arrived("told").get("DKIM-Signature", ""), self.receiver.explain())
        self.assertIn("user: tecs:stranger.example", self.rspamd.result_of("told@stranger.example"))


class AsDocumented(OtherMiltersTestCase):
    WITHOUT_LOGIN = "define(`confMILTER_MACROS_ENVFROM', `i, {mail_mailer}, {mail_host}, {mail_addr}')dnl\n"
    SETTINGS = FILTERS + WITHOUT_LOGIN

    def test_the_document_says_so(self) -> None:
        page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "sendmail.md"
        self.assertIn(self.WITHOUT_LOGIN, page.read_text())

    def test_a_stranger_is_a_stranger(self) -> None:
        self.send("documented")
        self.assertNotIn("DKIM-Signature", self.receiver.arrived("documented"))
        self.assertNotIn("user:", self.rspamd.result_of("documented@stranger.example"))
