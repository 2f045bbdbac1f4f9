"""tecs-milter with the configuration file that a document shows."""

from .commands import installed
from .daemons import milter_user
from .program import Program
from .readiness import ReadinessSocket
from .workspace import Workspace


def start_with_configuration(workspace: Workspace, name: str, text: str, *options: str) -> Program:
    """options: what a test needs to be otherwise than in the file."""
    configuration = workspace.file(f"{name}.conf", text)
    ready = ReadinessSocket(workspace, name)
    program, environment = installed(workspace, "tecs-milter")
    milter = Program(workspace, name, [program, "--config", configuration, *options], user=milter_user(),
                     environment={**environment, **ready.environment()})
    milter.wait_for("readiness", ready.is_ready)
    return milter
