"""The disk that the daemons write their logs to is full: mail is signed, believed and delivered as ever, verdicts are
written, and once there is room again the logs go on."""

import contextlib
import pathlib
import subprocess

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, add_addresses
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.smtp_client import SmtpClient
from tecs_testing.waiting import wait_until


class FullLog(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(RECEIVER)
        # A disk of their own for the logs, which can be filled.
        cls.disk = cls.workspace.folder("logs")
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "logs", cls.disk], check=True)
        cls.workspace.at_end(lambda: subprocess.run(["umount", "-l", cls.disk], check=True))
        for name in ("tecs-milter", "signer"):
            (cls.workspace.path / f"{name}.log").symlink_to(cls.disk / f"{name}.log")
        domain = make_domain(cls.workspace, "sender.example", algorithm="ed25519-sha256", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(domain.name, domain.record)
        cls.milter = TecsMilter(cls.workspace, name_server.endpoint)
        cls.receiver = Receiver(cls.workspace, cls.milter, [SmtpService(RECEIVER.ipv4, 25)]).start()
        cls.signer = ConfiguredSigner(cls.workspace, "signer", {
            "upstream": f"{RECEIVER.ipv4}:25", "domain": domain.name, "key": domain.key})

    def deliver(self, subject: str) -> dict:
        """The verdict."""
        with SmtpClient("127.0.0.1", self.signer.port) as client:
            client.deliver("somebody@receiver.example", subject)
        return self.receiver.verdict_on(self.receiver.arrived(subject))

    def logs(self) -> list[pathlib.Path]:
        return [self.disk / "tecs-milter.log", self.disk / "signer.log"]

    def lines(self) -> list[int]:
        return [log.read_bytes().count(b"\n") for log in self.logs()]

    def test_mail_goes_on_and_the_logs_do_later(self) -> None:
        self.assertEqual(self.deliver("with room")["result"], "pass")
        filler = self.disk / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        sizes = [log.stat().st_size for log in self.logs()]
        for number in range(30):  # more than what the logs have room for in their last pages
            verdict = self.deliver(f"without room {number}")
            self.assertEqual((verdict["result"], verdict["domain"]), ("pass", "sender.example"), verdict["detail"])
        for log, size in zip(self.logs(), sizes):
            self.assertLess(log.stat().st_size - size, 4096, "the disk was not full")
        filler.unlink()
        before = self.lines()
        self.deliver("with room again")
        wait_until("lines in both logs", lambda: all(now > then for now, then in zip(self.lines(), before)))
