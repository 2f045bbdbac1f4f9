"""What `tecs check` says about a Postfix."""

import json
import pathlib
import subprocess
from dataclasses import dataclass

from .commands import program_path


@dataclass(frozen=True)
class Checked:
    exit_code: int
    findings: list[dict]

    def of(self, severity: str) -> list[str]:
        """The words of the findings."""
        return [each["finding"] for each in self.findings if each["severity"] == severity]


def check_postfix(configuration: pathlib.Path, *options: str) -> Checked:
    done = subprocess.run([program_path("tecs"), "check", "postfix", "--json", "--config-directory", configuration, *options],
                          capture_output=True, text=True, check=False)
    if not done.stdout:
        raise AssertionError(f"tecs check postfix ended with {done.returncode}: {done.stderr}")
    return Checked(done.returncode, json.loads(done.stdout)["findings"])
