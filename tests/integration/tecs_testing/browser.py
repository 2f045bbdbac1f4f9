"""A real browser without a screen: Chromium, spoken to through chromedriver (W3C WebDriver, and Chrome's own commands)."""

import base64
import json
import pathlib
import shutil
import signal
import urllib.error
import urllib.request
from typing import Any, Mapping

from .ports import free_port
from .program import Program
from .workspace import Workspace


class BrowserFailed(AssertionError):
    """The browser did not do what it was told."""


class Browser:
    """Runs until the workspace ends. One page at a time."""

    def __init__(self, workspace: Workspace, name: str = "chromedriver"):
        self._url = f"http://127.0.0.1:{(port := free_port())}"
        folder = workspace.folder(f"{name}-home")
        self._driver = Program(workspace, name, [_found("chromedriver"), f"--port={port}"],
                               environment={"HOME": str(folder), "TMPDIR": str(folder)},
                               ends_with=(0, -signal.SIGTERM))  # it leaves the signal to its default
        self._driver.wait_for("readiness", self._ready)
        arguments = [
            "--headless=new", "--no-sandbox",  # which refuses root; the page is our own
            "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-extensions", f"--user-data-dir={folder}/profile", "about:blank"]
        capabilities = {"browserName": "chrome",
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                        "goog:chromeOptions": {"binary": _found("chromium"), "args": arguments}}
        session = self._post("/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._session = f"/session/{session['sessionId']}"
        workspace.at_end(self.close)

    def close(self) -> None:
        """Ends Chromium; chromedriver ends with the workspace."""
        if self._session and self._driver.running():
            self._send("DELETE", self._session)
        self._session = ""

    def show(self, width: int, height: int, scheme: str) -> None:
        """Of the page that is open and all to come: the size of its window, and "light" or "dark"."""
        # A telephone reads <meta name="viewport">, other screens do not.
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", media="screen",
                     features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, page: pathlib.Path) -> None:
        """Returns when all of the page is there."""
        self._post(f"{self._session}/url", {"url": page.as_uri()})

    def run(self, script: str, *arguments: object) -> Any:
        """The value that the body of a JavaScript function returns. The page's own policy does not bind it."""
        return self._post(f"{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def command(self, name: str, **parameters: object) -> Mapping:
        """A command of the Chrome DevTools Protocol."""
        return self._post(f"{self._session}/goog/cdp/execute", {"cmd": name, "params": parameters})

    def console(self) -> list[str]:
        """What the browser complained of since it was last asked."""
        return [entry["message"] for entry in self._log("browser")]

    def requests(self) -> list[str]:
        """The addresses that were asked for since this was last asked, whether they answered or not."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]

    def picture(self, file: pathlib.Path) -> None:
        """The whole page, as PNG: for who wants to see what a test saw."""
        taken = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(taken["data"]))

    def _log(self, kind: str) -> list[Mapping]:
        return self._post(f"{self._session}/se/log", {"type": kind})

    def _ready(self) -> bool:
        try:
            return self._send("GET", "/status")["ready"]
        except OSError:
            return False

    def _post(self, path: str, body: Mapping) -> Any:
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: Mapping | None = None) -> Any:
        request = urllib.request.Request(self._url + path, method=method, data=json.dumps(body or {}).encode()
                                         if method == "POST" else None, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise BrowserFailed(f"{method} {path}: {told['error']}: {told['message']}\n{self._driver.log_tail(15)}") from None


def _found(program: str) -> str:
    path = shutil.which(program)
    if not path:
        raise BrowserFailed(f"{program} is not installed (Debian: chromium, chromium-driver)")
    return path
