"""A real Sendmail that knows nothing of TECS sends through the signer: as its smart host, and redirected by the firewall."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.certificate import make_certificate
from tecs_testing.commands import make_domain
from tecs_testing.daemons import TecsMilter, TecsSigner, signer_user
from tecs_testing.name_server import NameServer
from tecs_testing.network import RECEIVER, SENDER, add_addresses, redirect_outgoing_smtp
from tecs_testing.ports import written
from tecs_testing.postfix import SmtpService
from tecs_testing.receiver import Receiver, tecs_results
from tecs_testing.sendmail_sender import SendmailSender


class SendmailTestCase(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        add_addresses(SENDER, RECEIVER)
        cls.domain = make_domain(cls.workspace, "sender.example", owner=signer_user())
        name_server = NameServer(cls.workspace)
        name_server.publish(cls.domain.name, cls.domain.record)
        starttls = make_certificate(cls.workspace, "mx.receiver.example").settings()
        cls.receiver = Receiver(cls.workspace, TecsMilter(cls.workspace, name_server.endpoint), [
            SmtpService(RECEIVER.ipv4, 25, starttls), SmtpService(RECEIVER.ipv6, 25, starttls)]).start()

    def assert_signed(self, sendmail: SendmailSender, subject: str, server: str) -> dict:
        """The mail goes out at once; its verdict."""
        told = sendmail.send("somebody@receiver.example", subject)
        try:
            message = self.receiver.arrived(subject)
        except AssertionError as missing:
            raise type(missing)(f"{missing}\n{told}") from None
        self.assertEqual(sendmail.queued(), 0, told)
        self.assertIn("Hello.", message.get_payload())
        self.assertRegex(tecs_results(message)[0], "tecs=pass .* smtp.auth=sender.example$")
        verdict = self.receiver.verdict_on(message)
        self.assertEqual([verdict[field] for field in ("result", "domain", "server")],
                         ["pass", "sender.example", written(server, 25)])
        self.assertTrue(verdict["tls"])
        return verdict


class SmartHost(SendmailTestCase):
    def test_it_is_the_signer(self) -> None:
        signer = TecsSigner(self.workspace, "signer", self.domain, written(RECEIVER.ipv4, 25), "--source", "system",
                            listen=f"{SENDER.ipv4}:{{port}}")
        sendmail = SendmailSender(self.workspace, {"receiver.example": SENDER.ipv4}, everywhere=False,
                                  settings=f"define(`ESMTP_MAILER_ARGS', `TCP $h {signer.port}')dnl\n")
        self.assert_signed(sendmail, "smart host", RECEIVER.ipv4)


class Redirected(SendmailTestCase):
    @classmethod
    def set_up(cls) -> None:
        super().set_up()
        signer = TecsSigner(cls.workspace, "signer", cls.domain, "original-destination", listen="[::]:{port}")
        redirect_outgoing_smtp({SENDER: signer.port}, signer_user()[0])
        cls.sendmail = SendmailSender(cls.workspace, {}, everywhere=False)

    def test_each_family(self) -> None:
        for server, source in ((RECEIVER.ipv4, SENDER.ipv4), (RECEIVER.ipv6, SENDER.ipv6)):
            with self.subTest(server):
                literal = f"IPv6:{server}" if ":" in server else server
                self.sendmail.make_map("mailertable", f"receiver.example esmtp:[{literal}]\n")
                verdict = self.assert_signed(self.sendmail, f"redirected to {server}", server)
                self.assertIn(source, verdict["client"])
