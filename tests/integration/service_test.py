"""What tecs-milter does for the machine that it runs on: gives up root, and tells the service manager how it is."""

import os
import pathlib
import signal
import socket

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.commands import VerdictLog, installed
from tecs_testing.daemons import AUTHSERV_ID, milter_user
from tecs_testing.program import Program
from tecs_testing.waiting import wait_until


class Service(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.folder = cls.workspace.folder("service", owner=milter_user())
        path = cls.workspace.path / "notify"
        cls.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        cls.workspace.at_end(cls.manager.close)
        cls.manager.bind(str(path))
        cls.manager.setblocking(False)
        os.chmod(path, 0o777)
        cls.said: list[str] = []
        program, environment = installed(cls.workspace, "tecs-milter")
        cls.store = VerdictLog(cls.folder / "verdicts.db")
        cls.program = Program(
            cls.workspace, "service",
            [program, "--user", "daemon:postfix", "--milter-socket", f"unix:{cls.folder}/milter",
             "--sasl-socket", f"unix:{cls.folder}/sasl", "--store", cls.store.store, "--authserv-id", AUTHSERV_ID],
            environment={**environment, "NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"})
        cls.program.wait_for("readiness", lambda: "READY=1" in cls.listen())

    @classmethod
    def listen(cls) -> list[str]:
        """All that the service manager has been told."""
        while True:
            try:
                cls.said += cls.manager.recv(4096).decode().splitlines()
            except BlockingIOError:
                return cls.said

    def test_root_is_given_up(self) -> None:
        user, group = milter_user()
        for status in pathlib.Path(f"/proc/{self.program.pid}/task").glob("*/status"):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            self.assertEqual(fields["Uid"].split(), [str(user)] * 4)
            self.assertEqual(fields["Gid"].split(), [str(group)] * 4)
            self.assertEqual(fields["Groups"].split(), [])
            self.assertEqual(int(fields["CapEff"], 16), 0)
            self.assertEqual(int(fields["CapPrm"], 16), 0)

    def test_what_it_makes_belongs_to_the_user(self) -> None:
        user, group = milter_user()
        for name in ("milter", "sasl", "verdicts.db"):
            file = (self.folder / name).stat()
            self.assertEqual((file.st_uid, file.st_gid), (user, group), name)
        self.assertEqual((self.folder / "sasl").stat().st_mode & 0o777, 0o660)

    def test_the_watchdog_is_fed(self) -> None:
        alive = self.listen().count("WATCHDOG=1")
        wait_until("three signs of life", lambda: self.listen().count("WATCHDOG=1") >= alive + 3)
        self.assertIn("STATUS=0 sessions, 0 verdicts to be written", self.listen())

    def test_a_reload_begins_and_ends(self) -> None:
        ready = self.listen().count("READY=1")
        self.program.signal(signal.SIGHUP)
        wait_until("end of the reload", lambda: self.listen().count("READY=1") > ready)
        self.assertIn("RELOADING=1", self.listen())
