"""Stored key: the key of a link put into a store, and the store served to clients by a process of its own, over mutual TLS."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import qlearn
from qlearn._checks import as_count
from qlearn.communication.key_management.key_store import KeyStore
from qlearn.communication.secret_key.distillation import DistilledKey

KME_ID = "KME1"
"""The name of the service in its certificate."""

_SECONDS_TO_END = 30.0


@dataclass(frozen=True)
class StoredKey:
    """The key of a link in the store of a key service, with a certificate for each client that may ask for it.

    Parameters
    ----------
    folder : Path
        Holds the authority, the certificates, the settings and `keys.db`.
    made : int
        Bits that the link made.
    stored : int
        Of these in whole pieces of stock; the rest is too short for one.
    piece : int
        Bits of a piece of stock.
    names : tuple of str
        The clients.
    """

    folder: Path
    made: int
    stored: int
    piece: int
    names: tuple[str, ...]

    def left(self) -> int:
        """Return how many bits are still in stock."""
        with contextlib.closing(KeyStore(self.folder / "keys.db")) as store:
            return store.stored * store.key_size


@dataclass(frozen=True)
class RunningService:
    """A key service that runs: where it listens, and its process."""

    url: str
    process: "subprocess.Popen[str]"


def store_key(link: DistilledKey, folder: str | Path, names: Sequence[str]) -> StoredKey:
    """Put the key of a link, if there is one, into the store of a new key service, and return what is stored.

    The folder is made, for its owner alone, as ``python -m qlearn.communication.kme init`` makes it.

    Parameters
    ----------
    link : DistilledKey
        How the session on the link ended; one without a key leaves the store empty.
    folder : str or Path
        Of the service alone; it must not hold one yet.
    names : sequence of str
        The clients, each of which gets a certificate.

    Returns
    -------
    StoredKey

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication import bb84, random_bits, secret_key
    >>> sent = bb84.exchange(100_000, noise=0.02, rng=1)
    >>> made = secret_key.distill(sent, authentication_key=secret_key.AuthenticationKey(random_bits(512, rng=2)), rng=3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     stored = store_key(made, folder + "/service", ["client 0", "client 1", "client 2"])
    ...     stored.made - stored.stored < stored.piece, stored.left() == stored.stored
    (True, True)

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), "Protocol and data format of REST-based key delivery API".
    """
    from qlearn.communication.kme import main

    if not isinstance(link, DistilledKey):
        raise TypeError(f"link must be a DistilledKey, as distill returns it, not {type(link).__name__}")
    place = Path(folder)
    with contextlib.redirect_stdout(io.StringIO()):
        main(["init", str(place), "--kme", KME_ID, *(word for name in names for word in ("--sae", name))])
    with contextlib.closing(KeyStore(place / "keys.db")) as store:
        if link.key is not None:
            store.add(np.packbits(link.key[: link.length // 8 * 8]).tobytes())
        return StoredKey(place, link.length, store.stored * store.key_size, store.key_size, tuple(names))


@contextmanager
def key_service(
    stored: StoredKey, log: str | Path | None = None, *, port: int = 0
) -> Iterator[RunningService]:
    """Serve a stored key by a process of its own while the context lasts, and give where it listens.

    Parameters
    ----------
    stored : StoredKey
        What :func:`store_key` made.
    log : str or Path, optional
        Where the service writes who called for what; None: beside its settings.
    port : int
        On this machine's own address; 0 takes a free one.

    Yields
    ------
    RunningService

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication import bb84, random_bits, secret_key
    >>> from qlearn.communication.key_management import KMEClient
    >>> tapped = bb84.exchange(20_000, eavesdropper=bb84.InterceptResend(), rng=1)
    >>> none = secret_key.distill(tapped, authentication_key=secret_key.AuthenticationKey(random_bits(512, rng=2)), rng=3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     empty = store_key(none, folder + "/service", ["a", "b"])
    ...     with key_service(empty) as running:
    ...         files = {"certificate": "a.crt", "private_key": "a.key", "authority": "ca.crt"}
    ...         files = {what: empty.folder / name for what, name in files.items()}
    ...         with KMEClient(running.url, kme_id=KME_ID, **files) as client:
    ...             client.status("b")["stored_key_count"]
    0
    """
    as_count(port, "port", 0)
    if port > 65_535:
        raise ValueError(f"port must be at most 65535, not {port}; 0 takes a free one")
    source = str(Path(qlearn.__path__[0]).parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    }
    words = [sys.executable, "-m", "qlearn.communication.kme", "serve", str(stored.folder)]
    words += ["--port", str(port), "--source", "none"]
    told_in = stored.folder / "kme.log" if log is None else Path(log)
    with told_in.open("ab") as told:
        process = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=told, stdin=subprocess.DEVNULL, text=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if "listens on" not in line:
            raise RuntimeError(f"the key service does not start: {told_in.read_text().strip()[-800:]}")
        yield RunningService(line.split()[-1], process)
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
