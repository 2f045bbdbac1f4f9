"""Cyrus SASL with our plugin, and an MTA's configuration of it."""

import glob
import pathlib
import shutil

from . import mounts
from .commands import program_path
from .postfix import SmtpService
from .workspace import Workspace


def plugin_folder() -> pathlib.Path:
    """Where Debian's Cyrus SASL looks for plugins."""
    found = glob.glob("/usr/lib/*/sasl2")
    if len(found) != 1:
        raise RuntimeError("libsasl2-2 is not installed; run scripts/install-packages")
    return pathlib.Path(found[0])


def built_plugin() -> pathlib.Path:
    return program_path("tecs-milter").parent.parent / "lib" / "sasl2" / "libsasltecs.so"


def install_plugin(workspace: Workspace) -> None:
    """As `cmake --install` does, but nobody outside of this test sees it."""
    folder = workspace.folder("plugin")
    shutil.copy(built_plugin(), folder)
    mounts.layers(workspace, plugin_folder(), [folder, plugin_folder()])


def configuration(socket: str, timeout: int = 10) -> str:
    """The SASL configuration of an SMTP service that offers TECS-1 and no other mechanism."""
    return f"mech_list: TECS-1\ntecs_socket: {socket}\ntecs_timeout: {timeout}\n"


class ChrootedSmtpService(SmtpService):
    """Its smtpd sees nothing but the queue directory, once it has read its configuration."""

    def line(self) -> str:
        return super().line().replace(" inet n - n - - smtpd", " inet n - y - - smtpd", 1)
