"""Key service: requests a second beside an echo over the same TLS, 10,000 keys through crashes, a store of a million."""

import asyncio
import functools
import http.client
import json
import multiprocessing
import os
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.harness import ROOT, Row
from qlearn.communication.key_management import (
    AsyncKMEClient,
    DeliveredKey,
    DemoPKI,
    KeyStore,
    KMEClient,
    KMESettings,
    client_context,
    server_context,
)

SECTION = "key_service"
SAES = ("Alice", "Bob", "Carol", "Dave")
PAIRS = (("Alice", "Bob"), ("Carol", "Dave"))
KEYS = 10_000
CRASHES = 20
MEMORY = "in memory"
SIZES = (10**3, 10**4, 10**5, 10**6)


class Service:
    """A key service in a process of its own, on keys that were put there beforehand."""

    def __init__(self, folder: Path, keys: int) -> None:
        self.folder = folder
        self.pki = DemoPKI(folder)
        self.files: dict[str, dict[str, Path]] = {}
        for name in SAES:
            certificate, private_key = self.pki.client(name)
            self.files[name] = {
                "certificate": certificate,
                "private_key": private_key,
                "authority": self.pki.authority,
            }
        self.server_files = self.pki.server("KME1")
        free: dict[str, Any] = {"requests_per_second": 1e6, "burst": 10**6}
        free |= {"keys_per_second": 1e6, "key_burst": 10**6}
        KMESettings("KME1", "KME2", SAES, **free).save(folder / "kme.json")
        self.add(keys)
        self.start()

    def add(self, keys: int) -> None:
        """Put random keys into the stock."""
        store = KeyStore(self.folder / "keys.db")
        store.add(os.urandom(keys * store.key_size // 8))
        store.close()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "qlearn.communication.kme", "serve", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--source", "none"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        self.process.send_signal(by)
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def client(self, name: str) -> KMEClient:
        """Return a client of this application."""
        return KMEClient(self.url, **self.files[name])


def serve_echo(certificate: Path, private_key: Path, authority: Path, port: Any, log: Path | None) -> None:
    """Answer a request with itself: FastAPI, pydantic and uvicorn, and, with a log, four pages that reach the disk."""
    import socket

    import uvicorn
    from fastapi import FastAPI
    from pydantic import BaseModel

    class Asked(BaseModel):
        number: int
        size: int

    app = FastAPI()
    file = None if log is None else os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    @app.post("/echo")
    async def echo(asked: Asked) -> Asked:
        if file is not None:
            os.write(file, bytes(4 * 4096))
            os.fdatasync(file)
        return asked

    context = server_context(certificate, private_key, authority)
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",  # as ours: whatever else is installed
        ssl_context_factory=lambda config, default: context,
        access_log=False,
        log_level="critical",
    )
    # With its protocol said asyncio sends small packets at once, as it does for ours: else each answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    port.value = listening.getsockname()[1]
    uvicorn.Server(config).run(sockets=[listening])


@contextmanager
def echoing(service: Service, log: Path | None = None) -> Iterator[int]:
    """Run the echo in a process of its own, and give its port."""
    context = multiprocessing.get_context("spawn")
    port = context.Value("i", 0)
    files = (*service.server_files, service.pki.authority)
    process = context.Process(target=serve_echo, args=(*files, port, log))
    process.start()
    while not port.value:
        if not process.is_alive():
            raise RuntimeError("the echo does not start")
        time.sleep(0.01)
    try:
        yield int(port.value)
    finally:
        process.terminate()
        process.join()


def latencies(
    line: http.client.HTTPSConnection, verb: str, path: str, body: str | None, times: int
) -> list[float]:
    """Make the same request again and again on one connection, and return the seconds of each."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        line.request(verb, path, body, {"content-type": "application/json"})
        answer = line.getresponse()
        content = answer.read()
        seconds.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:200]!r}")
    return seconds


def connect(port: int, context: ssl.SSLContext) -> http.client.HTTPSConnection:
    """Open a connection once the server listens."""
    for _ in range(200):
        line = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        try:
            line.connect()
        except ConnectionRefusedError:
            time.sleep(0.05)
        else:
            return line
    raise RuntimeError("nothing listens")


def beside_an_echo(service: Service, where: str, blocks: int = 9, times: int = 100) -> Iterator[Row]:
    """Measure requests a second beside the echo's, in turns: the fastest block of each.

    On a disk every hand-out waits for it once. There its rival is an echo that writes as much and waits once, too.
    """
    context = client_context(**service.files["Alice"])
    body = json.dumps({"number": 1, "size": 256})
    calls = {
        "status": ("GET", "/api/v1/keys/Bob/status", None),
        "enc_keys": ("POST", "/api/v1/keys/Bob/enc_keys", body),
    }
    log = service.folder / "echo.log"
    with echoing(service) as port, echoing(service, log) as logged:
        lines = {"an echo": connect(port, context), "an echo that syncs": connect(logged, context)}
        ours = connect(int(service.url.rpartition(":")[2]), context)
        spent: dict[str, list[list[float]]] = {name: [] for name in (*lines, *calls)}
        latencies(ours, *calls["status"], 20)  # who says nothing for five seconds is dropped
        for _ in range(blocks):
            for name, line in lines.items():
                spent[name].append(latencies(line, "POST", "/echo", body, times))
            for name, call in calls.items():
                spent[name].append(latencies(ours, *call, times))
        for line in (*lines.values(), ours):
            line.close()
    rate = {name: times / min(map(sum, lists)) for name, lists in spent.items()}
    for name in lines:
        yield Row(SECTION, f"{where}: bare FastAPI, {name}, one connection: requests/s", rate[name])
    for name in calls:
        every = sorted(second for block in spent[name] for second in block)
        yield Row(SECTION, f"{where}: {name}, one connection: requests/s", rate[name])
        yield Row(SECTION, f"{where}: {name}: p99, ms", 1e3 * every[int(0.99 * len(every))])
    rivals = {"status": "an echo", "enc_keys": "an echo" if where == MEMORY else "an echo that syncs"}
    for name, rival in rivals.items():
        ratio = rate[name] / rate[rival]
        what = f"{where}: {name}: share of the requests/s of {rival}"
        yield Row(SECTION, what, ratio, bound=">= 0.5", holds=ratio >= 0.5)
    if where != MEMORY:
        what = f"{where}: enc_keys: share of the requests/s of an echo that waits for no disk"
        yield Row(SECTION, what, rate["enc_keys"] / rate["an echo"])


@dataclass
class Drawn:
    """What one pair of applications was given, and the seconds of each of its requests."""

    keys: list[DeliveredKey] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def timed(self, call: Callable[[], list[DeliveredKey]]) -> list[DeliveredKey]:
        """Do it, and note how long it took."""
        start = time.perf_counter()
        keys = call()
        self.seconds.append(time.perf_counter() - start)
        return keys


def fetch(service: Service, master: str, slave: str, number: int, got: Drawn) -> int:
    """Draw keys as the master and fetch them as the slave until `number` came or the line broke; count what was cut."""
    with service.client(master) as draws, service.client(slave) as reads:
        try:
            while len(got.keys) < number:
                more = min(10, number - len(got.keys))
                keys = got.timed(functools.partial(draws.enc_keys, slave, number=more))
                got.keys += keys
                ids = [key.key_id for key in keys]
                if got.timed(functools.partial(reads.dec_keys, master, ids)) != keys:
                    raise RuntimeError("the two ends were given different keys")
        except httpx.TransportError:
            return 10
    return 0


def _note(work: Callable[[], int], results: list[int]) -> None:
    results.append(work())


def at_once(works: Sequence[Callable[[], int]]) -> int:
    """Do all at once, each in a thread, and return the sum of what they return."""
    results: list[int] = []
    threads = [threading.Thread(target=_note, args=(work, results)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(results) < len(works):
        raise RuntimeError("a client failed")
    return sum(results)


def ten_thousand(folder: Path) -> Iterator[Row]:
    """Two masters and two slaves, and a server that stays up."""
    service = Service(folder, KEYS)
    lists = [Drawn() for _ in PAIRS]
    start = time.perf_counter()
    works = [
        functools.partial(fetch, service, *pair, KEYS // 2, got)
        for pair, got in zip(PAIRS, lists, strict=True)
    ]
    cut = at_once(works)
    seconds = time.perf_counter() - start
    service.end()
    keys = [key.key for got in lists for key in got.keys]
    twice, lost = len(keys) - len(set(keys)), KEYS - len(keys)
    every = sorted(second for got in lists for second in got.seconds)
    what = f"{KEYS:,} keys, 2 masters and 2 slaves, ten a request"
    yield Row(SECTION, f"{what}: keys/s at both ends", KEYS / seconds)
    yield Row(SECTION, "the same: requests/s", len(every) / seconds)
    yield Row(SECTION, "the same: p99 of a request, ms", 1e3 * every[int(0.99 * len(every))])
    yield Row(
        SECTION,
        "the same: keys given twice, and lost",
        twice + lost,
        bound="0",
        holds=twice + lost + cut == 0,
    )


async def _asked_at_once(service: Service, calls: int) -> list[DeliveredKey]:
    async with AsyncKMEClient(service.url, **service.files["Alice"]) as client:
        return [
            key
            for keys in await asyncio.gather(*(client.enc_keys("Bob") for _ in range(calls)))
            for key in keys
        ]


def awaited(folder: Path, calls: int = 60, rounds: int = 5) -> Iterator[Row]:
    """Ask for many keys at once from one program, on as many connections."""
    service = Service(folder, calls * rounds)
    keys: list[DeliveredKey] = []
    start = time.perf_counter()
    for _ in range(rounds):
        keys += asyncio.run(_asked_at_once(service, calls))
    seconds = time.perf_counter() - start
    service.end()
    yield Row(SECTION, f"{calls} calls at once, connections made anew: keys/s", len(keys) / seconds)
    twice = calls * rounds - len({key.key for key in keys})
    yield Row(SECTION, "the same: keys given twice, and lost", twice, bound="0", holds=twice == 0)


def through_crashes(folder: Path) -> Iterator[Row]:
    """Do the same with a server that is killed again and again."""
    stock = CRASHES * KEYS // 4  # more than a fast machine draws before the last kill
    service = Service(folder, stock)
    lists = [Drawn() for _ in PAIRS]
    cut = 0
    rng = np.random.default_rng(1)
    for crash in range(CRASHES):
        if crash:
            service.start()
        killer = threading.Timer(float(rng.uniform(0.1, 0.4)), service.process.send_signal, [signal.SIGKILL])
        killer.start()
        works = [
            functools.partial(fetch, service, *pair, stock, got)
            for pair, got in zip(PAIRS, lists, strict=True)
        ]
        cut += at_once(works)
        killer.join()
        service.end(signal.SIGKILL)
    store = KeyStore(folder / "keys.db")
    rest = store.hand_out("Alice", "Bob", number=store.stored)
    store.close()
    keys = [key.key for part in (*(got.keys for got in lists), rest) for key in part]
    twice, lost = len(keys) - len(set(keys)), stock - len(keys)
    what = f"{CRASHES} SIGKILLs, {stock - len(rest):,} keys drawn meanwhile: keys given twice"
    yield Row(SECTION, what, twice, bound="0", holds=twice == 0)
    bound = f"<= {cut}"
    yield Row(
        SECTION, "the same: keys lost, of answers that were cut", lost, bound=bound, holds=0 <= lost <= cut
    )


def a_million(folder: Path, where: str = MEMORY) -> Iterator[Row]:
    """How the time of a hand-out grows with the stock: the slope of its logarithm, from medians of many."""
    medians = []
    for size in SIZES:
        store = KeyStore(folder / f"{size}.db", capacity=size)
        store.add(os.urandom(size * 32))
        store.scrub()
        seconds = []
        for _ in range(300):
            start = time.perf_counter()
            (key,) = store.hand_out("Alice", "Bob")
            store.take("Bob", "Alice", [key.key_id])
            seconds.append(time.perf_counter() - start)
        store.close()
        medians.append(statistics.median(seconds))
        yield Row(
            SECTION, f"{where}, a stock of {size:,} keys: hand out and fetch one, ms", 1e3 * medians[-1]
        )
    slope = float(np.polyfit(np.log(SIZES), np.log(medians), 1)[0])
    yield Row(SECTION, f"{where}: growth exponent of that time", slope, bound="<= 0.1", holds=slope <= 0.1)


def on_the_disk(folder: Path) -> Iterator[Row]:
    """Say what a hand-out costs where it has to reach a disk: one synchronisation each, which an echo never waits for."""
    waits = []
    with (folder / "sync").open("wb") as file:
        for _ in range(50):
            file.write(bytes(4096))
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            waits.append(time.perf_counter() - start)
    yield Row(SECTION, "on this disk: one fsync of 4 KiB, median, ms", 1e3 * statistics.median(waits))
    service = Service(folder, 5000)
    yield from beside_an_echo(service, "on this disk")
    service.end()


def rows() -> Iterable[Row]:
    """Yield the rows of the table."""
    # What the programs take is compared in memory; what the disk adds is said apart.
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        service = Service(Path(folder), 5000)
        yield from beside_an_echo(service, MEMORY)
        service.end()
        yield from a_million(Path(folder))
    million_on_disk = functools.partial(a_million, where="on this disk")
    for part in (on_the_disk, ten_thousand, awaited, through_crashes, million_on_disk):
        with tempfile.TemporaryDirectory() as folder:
            yield from part(Path(folder))
