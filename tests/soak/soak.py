"""Mixed traffic through Postfix and both daemons, for as long as wanted; run by scripts/soak, inside name spaces of its own:

    python3 -m tecs_testing.isolation soak MINUTES [sanitized]

sanitized: memory is the sanitizer's to judge, which ends a daemon with a code other than 0; descriptors and threads are
judged all the same.
"""

import contextlib
import pathlib
import signal
import sqlite3
import sys
import time
from collections import Counter

from judgement import judge
from mixed_clients import BROKEN, RESULTS, MixedClients
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.configured_signer import ConfiguredSigner
from tecs_testing.daemons import TecsMilter, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver
from tecs_testing.sender import Route, Sender
from tecs_testing.waiting import wait_until
from tecs_testing.workspace import Workspace
from watched_daemon import WatchedDaemon

SAMPLES = 240
PATIENCE = 120.0  # seconds until all mail is there, after the last was sent
POLICY = ["--mode", "enforce", "--weight", "REP_MEDIUM=20", "--delay-score", "10", "--delay-time", "2s", "--delay-limit", "10",
          "--greylist-score", "50", "--reject-score", "60"]


class Soak:
    def __init__(self, workspace: Workspace):
        add_addresses(RECEIVER, SENDER)
        self.signed = [self._domain(workspace, "rsa.example"),
                       self._domain(workspace, "ed.example", algorithm="ed25519-sha256", selector="one")]
        delayed = self._domain(workspace, "delayed.example")
        name_server = NameServer(workspace)
        name_server.publish_all({each.name: each.record for each in (*self.signed, delayed)} |
                                {"unknown.example": "@ A 192.0.2.1\n"})
        reputation = workspace.file("reputation", "delayed.example medium\n")
        self.milter = TecsMilter(workspace, name_server.endpoint, "--reputation", f"file:{reputation}", *POLICY)
        tls = make_certificate(workspace, "mx.receiver.example").settings()
        self.receiver = Receiver(workspace, self.milter, [SmtpService(RECEIVER.ipv4, 25, tls)]).start()
        identities = "".join(f"sender:{each.name} {each.name} {each.selector or '-'} {each.key}\n" for each in self.signed)
        self.signer = ConfiguredSigner(workspace, "signer", {
            "upstream": written(RECEIVER.ipv4, 25),
            "identities": str(workspace.file("identities", identities + "default unsigned\n"))}, listen="127.0.0.1:{port}")
        self.sender = Sender(workspace, [Route(f"somebody@{each.name}", f"[127.0.0.1]:{self.signer.port}")
                                         for each in self.signed]).start()
        self.clients = MixedClients(self.sender, self.signed, delayed, with_tls=True)
        self.arrived: Counter[str] = Counter()

    @staticmethod
    def _domain(workspace: Workspace, name: str, **options: str) -> SigningDomain:
        return make_domain(workspace, name, owner=signer_user(), **options)

    def run(self, seconds: float) -> list[WatchedDaemon]:
        every = seconds / SAMPLES
        watched = [WatchedDaemon("tecs-milter", self.milter.pid, every, self.clients.tally.total,
                                 pathlib.Path(self.milter.verdicts.store.removeprefix("sqlite:"))),
                   WatchedDaemon("tecs-signer", self.signer.pid, every,
                                 lambda: self.clients.tally.connections["relayed"])]
        begin = time.monotonic()
        minute = 0
        while (passed := time.monotonic() - begin) < seconds:
            time.sleep(min(5.0, seconds - passed))
            self._collect()
            if passed >= 60 * minute:
                minute += 1
                report = "; ".join(each.last() for each in watched)
                print(f"{passed / 60:4.0f} min  {self.clients.tally.total()} connections; {report}", file=sys.stderr, flush=True)
                self.milter.signal(signal.SIGHUP)
                self.signer.reload("read again|nothing changed|reload")
        for each in watched:
            each.stop()
        self.clients.stop()
        return watched

    def _collect(self) -> None:
        self.arrived.update(each["Subject"] for each in self.receiver.mailbox.messages())
        self.receiver.mailbox.empty()

    def wait_for_mail(self) -> list[str]:
        """What of the mail is missing, doubled or nobody's."""
        sent = Counter(self.clients.tally.subjects)

        def all_there() -> bool:
            self._collect()
            return not sent - self.arrived
        with contextlib.suppress(AssertionError):
            wait_until("all mail", all_there, PATIENCE)
        self.arrived.pop("broken client", None)  # those that break off at QUIT have sent a whole message
        return ([f"lost: {subject}" for subject in sent - self.arrived] +
                [f"came {count + 1} times: {subject}" for subject, count in (self.arrived - sent).items() if sent[subject]] +
                [f"nobody's: {subject}" for subject in self.arrived - sent if not sent[subject]])

    def end(self) -> None:
        """Both daemons, in order; fails when one does not end with 0."""
        self.signer.stop()
        self.milter.stop()

    def wrong_verdicts(self) -> list[str]:
        """Where the verdicts are not one for each connection, with the result of its kind."""
        with contextlib.closing(sqlite3.connect(self.milter.verdicts.store.removeprefix("sqlite:"))) as store:
            # Where the kernel gives tecs-signer a port that it has signed from within this half minute, it takes another
            # one, and ends that connection before EHLO.
            rows = store.execute("SELECT helo, result, reason, count(*) FROM verdicts WHERE helo <> '' OR client NOT LIKE ? "
                                 "GROUP BY 1, 2, 3", (f"{RECEIVER.ipv4}:%",)).fetchall()
        told: dict[str, Counter] = {}
        for helo, result, reason, count in rows:
            told.setdefault(helo.removesuffix(".example"), Counter())[result, reason] += count
        wanted = {kind: {RESULTS[kind]: count} for kind, count in self.clients.tally.connections.items() if kind in RESULTS}
        wanted["out.sender"] = {("pass", ""): self.clients.tally.connections["relayed"]}
        wrong = [f"{kind}: {dict(told.get(kind, {}))}, and {counts} were made" for kind, counts in wanted.items()
                 if dict(told.get(kind, {})) != counts]
        total = sum(count for *_, count in rows)
        if total != self.clients.tally.total():
            wrong.append(f"{total} verdicts on {self.clients.tally.total()} connections")
        return wrong


def main(minutes: float, sanitized: bool) -> int:
    with contextlib.closing(Workspace()) as workspace:
        soak = Soak(workspace)
        try:
            watched = soak.run(minutes * 60)
        finally:
            soak.clients.stop()
        wrong = soak.clients.tally.failures[:20] + soak.wait_for_mail()[:20]
        soak.end()
        wrong += soak.wrong_verdicts()
        wrong += [f"{each.name}: {sentence}" for each in watched for sentence in judge(each.samples, sanitized=sanitized)]
        counts = ", ".join(f"{count} {kind}" for kind, count in sorted(soak.clients.tally.connections.items()))
        print(f"{soak.clients.tally.total()} connections in {minutes:g} minutes: {counts}")
        for each in watched:
            first, last = each.samples[len(each.samples) // 3], each.samples[-1]
            print(f"{each.name}: {first.memory // 1024} KiB after the warm-up, {last.memory // 1024} at the end; "
                  f"at most {max(one.descriptors for one in each.samples)} descriptors and "
                  f"{max(one.threads for one in each.samples)} threads")
        print("\n".join(wrong) if wrong else "nothing lost, nothing doubled, no verdict wrong, nothing grows")
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), "sanitized" in sys.argv[2:]))
