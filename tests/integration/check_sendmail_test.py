"""What `tecs check sendmail` says of the sendmail.cf that Debian's m4 makes of what docs/sendmail.md shows."""

import json
import os
import stat
from dataclasses import dataclass, field

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.cyrus import plugin_folder
from tecs_testing.document import shown_files
from tecs_testing.sendmail import Sendmail
from tecs_testing.sendmail_receiver import DOCUMENT, SASL_SETTINGS, SETTINGS

OTHER_FILTER = "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@localhost')dnl\n"


@dataclass(frozen=True)
class Case:
    name: str
    further: str = ""  # of sendmail.mc
    want: list[str] = field(default_factory=list)  # "severity finding"
    sockets: bool = True  # tecs-milter's are there
    plugin: bool = True


CASES = [
    Case("as_documented"),
    Case("trusted_mechanism", "TRUST_AUTH_MECH(`PLAIN TECS-1')dnl\n", ["unsafe trust-auth-mech"]),
    Case("another_filter", OTHER_FILTER, ["unsafe auth-macros"]),
    Case("another_filter_that_is_not_told_of_the_login",
         OTHER_FILTER + "define(`confMILTER_MACROS_ENVFROM', `i, {mail_mailer}, {mail_host}, {mail_addr}')dnl\n"),
    Case("another_filter_and_not_ours", "define(`confINPUT_MAIL_FILTERS', `opendkim')dnl\n" + OTHER_FILTER.replace("INPUT_", ""),
         ["unsafe auth-macros", "advice no-milter"]),
    Case("before_tecs_milter_runs", want=["broken sasl-socket", "broken milter-socket"], sockets=False),
    Case("without_the_plugin", want=["broken no-plugin"], plugin=False),
    Case("not_offered", "define(`confAUTH_MECHANISMS', `PLAIN')dnl\n", ["broken auth-mechanisms"]),
]


@one_test_each(CASES, lambda case: case.name)
class CheckSendmail(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        cls.shown = shown_files(DOCUMENT)

    def check(self, case: Case) -> None:
        sendmail = Sendmail(self.workspace, case.name, self.shown[SETTINGS], {SASL_SETTINGS: self.shown[SASL_SETTINGS]},
                            further=case.further)
        if case.sockets:
            self.make_sockets(sendmail)
        if not case.plugin:
            (sendmail.root / str(plugin_folder())[1:] / "libsasltecs.so").unlink()
        done = sendmail.run_tecs("check", "sendmail", "--json")
        self.assertEqual(done.stderr, "")
        found = [f"{each['severity']} {each['finding']}" for each in json.loads(done.stdout)["findings"]]
        self.assertEqual((done.returncode, found), (1 if case.want else 0, case.want), done.stdout)

    @staticmethod
    def make_sockets(sendmail: Sendmail) -> None:
        folder = sendmail.root / "run/tecs"
        folder.mkdir(mode=0o750, parents=True)
        for name in ("milter", "sasl"):
            os.mknod(folder / name, stat.S_IFSOCK | 0o660)
