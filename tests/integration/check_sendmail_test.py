"""What `tecs check sendmail` says of the sendmail.cf that Debian's m4 makes of what docs/sendmail.md shows."""

import json
import subprocess
from dataclasses import dataclass, field

from tecs_testing.cases import WorkspaceTestCase, one_test_each
from tecs_testing.commands import program_path
from tecs_testing.document import shown_files
from tecs_testing.sendmail import Sendmail
from tecs_testing.sendmail_receiver import DOCUMENT, SASL_SETTINGS, SETTINGS

OTHER_FILTER = "INPUT_MAIL_FILTER(`opendkim', `S=inet:8891@localhost')dnl\n"


@dataclass(frozen=True)
class Case:
    name: str
    further: str = ""  # of sendmail.mc
    want: list[str] = field(default_factory=list)  # "severity finding"


CASES = [
    Case("as_documented"),
    Case("trusted_mechanism", "TRUST_AUTH_MECH(`PLAIN TECS-1')dnl\n", ["unsafe trust-auth-mech"]),
    Case("another_filter", OTHER_FILTER, ["unsafe auth-macros"]),
    Case("another_filter_that_is_not_told_of_the_login",
         OTHER_FILTER + "define(`confMILTER_MACROS_ENVFROM', `i, {mail_mailer}, {mail_host}, {mail_addr}')dnl\n"),
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
        done = subprocess.run(
            [program_path("tecs"), "check", "sendmail", "--json", "--config-file", sendmail.root / "etc/mail/sendmail.cf",
             "--sasl", sendmail.root / SASL_SETTINGS.lstrip("/")], capture_output=True, text=True, check=False)
        found = [f"{each['severity']} {each['finding']}" for each in json.loads(done.stdout)["findings"]]
        self.assertEqual((done.returncode, found), (1 if case.want else 0, case.want), done.stdout)
