"""Tests that are a table: one test method for each row, named after it."""

import unittest
from typing import Callable, Iterable, TypeVar

from .workspace import Workspace

Row = TypeVar("Row")


def one_test_each(rows: Iterable[Row], name: Callable[[Row], str]):
    """Decorates a class with a method check(self, row), which becomes test_<name> for each row."""

    def decorate(test_class: type[unittest.TestCase]) -> type[unittest.TestCase]:
        for row in rows:
            def test(self, row=row):
                self.check(row)
            test.__name__ = f"test_{name(row)}"
            if hasattr(test_class, test.__name__):
                raise ValueError(f"two rows named {name(row)}")
            setattr(test_class, test.__name__, test)
        return test_class

    return decorate


class WorkspaceTestCase(unittest.TestCase):
    """What set_up() starts in cls.workspace serves all tests of the class, and ends after the last one."""

    workspace: Workspace

    @classmethod
    def set_up(cls) -> None:
        raise NotImplementedError

    @classmethod
    def setUpClass(cls) -> None:
        cls.workspace = Workspace()
        cls.addClassCleanup(cls.workspace.close)
        cls.set_up()
