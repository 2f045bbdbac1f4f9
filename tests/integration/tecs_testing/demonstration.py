"""Three mails from one Postfix to another, and what TECS says of them; scripts/demo is the way to run it."""

import argparse
import pathlib
import signal
import sys
from dataclasses import dataclass

from .commands import SigningDomain, make_domain, program_path, tecs
from .daemons import TecsMilter, TecsSigner, signer_user
from .left_running import leave_running, stop_left_running
from .name_server import NameServer
from .ports import free_port, written
from .postfix import SmtpService
from .presentation import WIDTH, coloured, dialogue, heading, paragraph, result_coloured, shortened
from .receiver import Receiver, tecs_results
from .sender import Route, Sender
from .wire import Capture
from .workspace import Workspace

RECIPIENT = "bob@receiver.example"


@dataclass(frozen=True)
class Mail:
    kind: str
    sender: str
    expected: str
    about: str


MAILS = [
    Mail("signed", "alice@shop.example", "pass", "goes out through the tecs-signer of shop.example"),
    Mail("unsigned", "carol@plain.example", "none", "goes out directly"),
    Mail("forged", "mallory@forger.example", "fail", "goes out through a tecs-signer that says shop.example, with another key"),
]


class Demonstration:
    """All of it, running once made."""

    def __init__(self, workspace: Workspace):
        self.workspace = workspace
        self.port = free_port()
        self.domain = make_domain(workspace, "shop.example", owner=signer_user())
        forged = make_domain(workspace, "shop.example", file_name="forged", owner=signer_user())
        self.name_server = NameServer(workspace)
        self.name_server.publish(self.domain.name, self.domain.record)
        self.receiver = Receiver(workspace, TecsMilter(workspace, self.name_server.endpoint),
                                 [SmtpService("127.0.0.1", self.port)]).start()
        routes = {"signed": self._signer("tecs-signer", self.domain), "forged": self._signer("forging-signer", forged),
                  "unsigned": self.port}
        self.sender = Sender(workspace, [Route(f"@{mail.sender.partition('@')[2]}", f"[127.0.0.1]:{routes[mail.kind]}")
                                         for mail in MAILS]).start()

    def _signer(self, name: str, domain: SigningDomain) -> int:
        return TecsSigner(self.workspace, name, domain, written("127.0.0.1", self.port)).port

    def run(self) -> bool:
        """Sends and shows the three mails. True when each came out as expected."""
        self.show_setting()
        capture = Capture(self.port)
        self.workspace.at_end(capture.close)
        verdicts = {}
        results = {}
        for mail in MAILS:
            self.sender.send(mail.sender, RECIPIENT, subject=mail.kind)
            message = self.receiver.arrived(mail.kind)
            results[mail.kind] = tecs_results(message)
            verdicts[mail.kind] = self.receiver.verdict_on(message)
        self.show_dialogue(capture, verdicts["signed"]["client"])
        show_results(results)
        self.show_verdicts()
        return show_outcome({kind: verdict["result"] for kind, verdict in verdicts.items()})

    def show_setting(self) -> None:
        heading("Three mails to bob@receiver.example")
        for mail in MAILS:
            print(f"   {mail.kind:9} {mail.sender:23} {mail.about}")
        heading(f"The key of shop.example, in DNS at {self.name_server.endpoint}")
        for line in self.domain.record.splitlines():
            print(f"   {shortened(line, WIDTH - 3)}")

    def show_dialogue(self, capture: Capture, client: str) -> None:
        heading(f"Signed: what went over the wire, {client} -> {written('127.0.0.1', self.port)}")
        spoken = next((each.lines() for each in capture.conversations() if each.client == client), [])
        for line in dialogue(spoken):
            print(f"   {line}")

    def show_verdicts(self) -> None:
        heading("tecs verdicts")
        for line in tecs("verdicts", "--store", self.receiver.milter.verdicts.store).splitlines():
            for mail in MAILS:
                line = result_coloured(line, mail.expected)
            print(f"   {line}")

    def show_how_to_play(self) -> None:
        folder = self.workspace.path
        heading("It is still running; as root, you can")
        for about, command in [
            ("send another mail, from alice@shop.example, carol@plain.example or mallory@forger.example",
             f"printf 'Subject: hello\\n\\nHello!\\n' | sendmail -C {folder}/sender/etc -f alice@shop.example {RECIPIENT}"),
            ("read what arrived", f"grep -h -A1 -i '^Authentication-Results' {folder}/mailbox/mail/new/*"),
            ("read the verdicts",
             f"{program_path('tecs')} verdicts --store {self.receiver.milter.verdicts.store}"),
            ("look at the key", f"{program_path('tecs')} lookup --domain shop.example --resolver {self.name_server.endpoint}"),
            ("watch the receiver", f"tail -f {folder}/receiver/maillog {folder}/tecs-milter.log"),
            ("stop it all", f"scripts/demo --stop {folder}"),
        ]:
            print(f"\n   {about}:")
            print(f"       {coloured(command, 'client')}")


def show_results(results: dict[str, list[str]]) -> None:
    heading("What arrived")
    for mail in MAILS:
        for field in results[mail.kind] or ["(none)"]:
            print(f"   {mail.kind:9} " + result_coloured(f"Authentication-Results: {field}", mail.expected))


def show_outcome(results: dict[str, str]) -> bool:
    wrong = [mail for mail in MAILS if results[mail.kind] != mail.expected]
    print()
    for mail in wrong:
        print(coloured(f"The {mail.kind} mail came out as {results[mail.kind]}, not as {mail.expected}.", "fail"))
    if not wrong:
        paragraph("As it should be: the signed mail is a pass, the unsigned one none, and the forged one a fail.", "")
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--stop", type=pathlib.Path, metavar="FOLDER")
    arguments = parser.parse_args()
    if arguments.stop:
        try:
            stop_left_running(arguments.stop)
        except FileNotFoundError:
            print(f"scripts/demo: no demo runs in {arguments.stop}", file=sys.stderr)
            return 1
        return 0
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    with Workspace("tecs-demo-") as workspace:
        demonstration = Demonstration(workspace)
        as_expected = demonstration.run()
        if arguments.keep:
            demonstration.show_how_to_play()
            leave_running(workspace)
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
