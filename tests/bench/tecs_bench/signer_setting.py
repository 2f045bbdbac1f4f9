"""What all measurements of tecs-signer share."""

import dataclasses

from .bench import Bench
from .figures import Budget, Row, Subject
from .rounds import Measurement, interleave
from tecs_testing.commands import SigningDomain, make_domain
from tecs_testing.daemons import TecsSigner, signer_user
from tecs_testing.workspace import Workspace

TOPIC = "signer"
SOURCE = "DESIGN 8"


@dataclasses.dataclass(frozen=True)
class Setting:
    bench: Bench
    workspace: Workspace
    rsa: SigningDomain
    ed25519: SigningDomain

    @staticmethod
    def make(bench: Bench, workspace: Workspace) -> "Setting":
        owner = signer_user()
        return Setting(bench, workspace, make_domain(workspace, "rsa.example", owner=owner),
                       make_domain(workspace, "ed25519.example", algorithm="ed25519-sha256", owner=owner))

    def signer(self, name: str, upstream: str, *options: str, domain: SigningDomain | None = None,
               tls: str = "none") -> TecsSigner:
        """Of the RSA domain unless told otherwise; connections are not logged."""
        return TecsSigner(self.workspace, name, domain or self.rsa, upstream, "--log-level", "warning", *options, tls=tls)


@dataclasses.dataclass(frozen=True)
class Measured:
    """A subject to be. configuration: as in figures.Subject."""

    configuration: str
    run: Measurement


def row(name: str, subjects: dict[str, Measured], *budgets: Budget, rounds: int, warm_up: int = 1, note: str = "") -> Row:
    figures = interleave({each: subject.run for each, subject in subjects.items()}, rounds, warm_up)
    return Row(TOPIC, name, [Subject(each, subject.configuration, figures[each]) for each, subject in subjects.items()],
               list(budgets), note)
