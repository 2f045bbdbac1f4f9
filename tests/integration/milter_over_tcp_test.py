"""A milter socket that more than a group of users can connect to is warned about."""

from tecs_testing.cases import WorkspaceTestCase
from tecs_testing.daemons import TecsMilter
from tecs_testing.ports import free_port

WARNING = "whoever can connect there can end this program"


class OverTcp(TecsMilter):
    port = 0

    @property
    def milter_socket(self) -> str:
        self.port = self.port or free_port()
        return f"inet:127.0.0.1:{self.port}"


class MilterOverTcp(WorkspaceTestCase):
    @classmethod
    def set_up(cls) -> None:
        """Each test starts its own."""

    def log_of(self, kind: type[TecsMilter]) -> str:
        milter = kind(self.workspace, "127.0.0.1:53", name=kind.__name__).start()
        milter.stop()
        return milter.log_tail()

    def test_is_warned_about(self) -> None:
        self.assertIn(WARNING, self.log_of(OverTcp))

    def test_a_unix_socket_is_not(self) -> None:
        self.assertNotIn(WARNING, self.log_of(TecsMilter))
