"""A key service in a process of its own on this machine: what the tests of the interface talk to."""

import multiprocessing
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from qlearn.communication.key_management import DemoPKI, KeyStore, KMEClient, KMESettings, client_context

SAES = ("Alice", "Bob", "Carol", "Dave", "alice", "a/b c?é#%\n", "E 1", "E 2", "E 3")
"""Who is known: among them two that differ by the case of a letter, and one of reserved characters."""
FREE = {"requests_per_second": 1e6, "burst": 10**6, "keys_per_second": 1e6, "key_burst": 10**6}
"""Limits that no test meets by chance."""


# Half a second of a start goes into imports. A process that has done them is forked for each server; one is started anew.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["qlearn.communication.key_management.server", "prometheus_client", "cryptography.x509"]
)
_RUN = """
import os
from qlearn.communication.kme import main
os.dup2(says.fileno(), 1)
os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND), 2)
main(arguments)
"""


class Forked:
    """A server forked from a process that has all modules, with the methods of `subprocess.Popen` that the tests use."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        hears, says = _FORKS.Pipe(duplex=False)
        names = {"arguments": arguments, "log": str(log), "says": says}
        self._process = _FORKS.Process(target=exec, args=(_RUN, names), daemon=True)
        self._process.start()
        says.close()
        self.stdout = os.fdopen(os.dup(hears.fileno()))
        hears.close()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, by: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, by)

    def wait(self, seconds: float) -> int:
        self._process.join(seconds)
        code = self.poll()
        assert code is not None, "the server does not end"
        return code


class Service:
    """A running server, with its folder of certificates and its store.

    With `anew` it is a process started by its command, else one forked from another that has done the imports.
    """

    def __init__(
        self,
        pki: DemoPKI,
        settings: KMESettings,
        *,
        prepare: Callable[[], None] | None = None,
        anew: bool = False,
    ):
        self.pki, self.folder, self.settings = pki, pki.folder, settings
        self.prepare, self.anew = prepare, anew or prepare is not None
        self.path = self.folder / "keys.db"
        self.log = self.folder / "log"
        self.start()

    def start(self, *, source: str = "none") -> None:
        """Start the server by its command, and wait until it says where it listens."""
        self.settings.save(self.folder / "kme.json")
        arguments = ["serve", str(self.folder), "--port", "0", "--source", source]
        with self.log.open("ab") as log:
            self.process: Forked | subprocess.Popen[str] = (
                subprocess.Popen(
                    [sys.executable, "-m", "qlearn.communication.kme", *arguments],
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    preexec_fn=self.prepare,
                )
                if self.anew
                else Forked(arguments, self.log)
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("KME1 listens on https://127.0.0.1:"), self.log.read_text()
        self.url = line.split()[-1]
        self.port = int(self.url.rpartition(":")[2])

    def stop(self, by: int = signal.SIGTERM) -> int:
        """End the server, and return its exit code."""
        self.process.send_signal(by)
        code = self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def files(self, name: str) -> dict[str, Path]:
        """The certificate of an application, made when first asked for."""
        stem = self.pki.folder / quote(name, safe="")
        if not stem.with_name(stem.name + ".crt").exists():
            self.pki.client(name)
        return {
            "certificate": stem.with_name(stem.name + ".crt"),
            "private_key": stem.with_name(stem.name + ".key"),
            "authority": self.pki.authority,
        }

    def context(self, name: str) -> ssl.SSLContext:
        return client_context(**self.files(name))

    def client(self, name: str, **options: object) -> KMEClient:
        return KMEClient(self.url, **self.files(name), kme_id="KME1", **options)

    def http(self, name: str) -> httpx.Client:
        return httpx.Client(verify=self.context(name), base_url=self.url, trust_env=False, timeout=20)

    def fill(self, keys: int) -> None:
        """Put random keys into the store, past the server."""
        store = KeyStore(self.path)
        store.add(os.urandom(keys * store.key_size // 8))
        store.close()


@pytest.fixture(scope="session")
def make_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """Make services, and end them all."""
    made: list[Service] = []
    tmp_path_factory.getbasetemp()  # made by the first who asks: two threads at once would make it twice

    def make(*, prepare: Callable[[], None] | None = None, anew: bool = False, **limits: object) -> Service:
        pki = DemoPKI(tmp_path_factory.mktemp("kme"))
        pki.server("KME1")
        service = Service(pki, KMESettings("KME1", "KME2", SAES, **FREE | limits), prepare=prepare, anew=anew)
        made.append(service)
        return service

    yield make
    for service in made:
        if service.process.poll() is None:
            service.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def service(make_service: Callable[..., Service]) -> Service:
    """One for all who only call it: they fill it with what they need."""
    return make_service(anew=True)


@pytest.fixture
def alice(service: Service) -> Iterator[KMEClient]:
    with service.client("Alice") as client:
        yield client


@pytest.fixture
def bob(service: Service) -> Iterator[KMEClient]:
    with service.client("Bob") as client:
        yield client


@pytest.fixture
def together() -> Callable[..., list[object]]:
    """Run functions at once, each in a thread, and return what each returned."""

    def run(*functions: Callable[[], object]) -> list[object]:
        results: list[object] = [None] * len(functions)

        def one(at: int) -> None:
            results[at] = functions[at]()

        threads = [threading.Thread(target=one, args=(at,)) for at in range(len(functions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run
