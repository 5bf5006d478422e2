"""Replenishment: key material for a store, from a link that distils it or from a file that a device writes."""

import logging
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from qlearn._checks import as_count, as_probability, as_real
from qlearn.communication.key_management.key_store import KeyStore
from qlearn.communication.key_management.store_file import StoreUnavailable

log = logging.getLogger("qlearn.kme")

Source = Callable[[KeyStore], int]
"""What puts keys into a store, and says how many."""


def file_source(path: str | Path) -> Source:
    """Return a source that reads a file of key material on from where the store has noted that it stopped.

    Parameters
    ----------
    path : str or Path
        Raw bytes; a device may append to it. The log says so if others than its owner may read it.

    Returns
    -------
    callable
        Takes a :class:`KeyStore`, returns the number of keys that it gave.

    Examples
    --------
    >>> import tempfile, time
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = Path(folder.name, "device.bin").write_bytes(bytes(range(64)))
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> filling = Replenisher(store, file_source(folder.name + "/device.bin"))
    >>> filling.start()
    >>> while not store.stored:
    ...     time.sleep(0.01)
    >>> filling.stop()
    >>> store
    KeyStore(2 keys of 256 bits)
    >>> store.close(); folder.cleanup()
    """
    place = Path(path)
    if not place.is_file():
        raise ValueError(f"path must name a file of key material, but there is no file {place}")
    seen = _look(place)

    def run(store: KeyStore) -> int:
        nonlocal seen
        seen = _look(place, seen)
        return store.add_from(place)

    return run


def _look(place: Path, before: tuple[int, int] | None = None) -> tuple[int, int]:
    """Warn of a file that others may read, unless it was so before; its number alone is soon given to another."""
    found = place.stat()
    now = found.st_ino, found.st_mode
    if os.name == "posix" and now != before and found.st_mode & 0o077:
        log.warning(
            "others than its owner may read or write %s: then they know the keys, or choose them", place
        )
    return now


def link_source(*, pulses: int = 200_000, noise: float = 0.02) -> Source:
    """Return a source that sends pulses over a simulated link, and distils a secret key of them.

    Each session takes fresh coins from the operating system. They drive NumPy's generator, which is made for simulation and
    not for secrets, and sender and receiver are one process: the keys show how a link fills a store, and protect nothing.

    Parameters
    ----------
    pulses : int
        Single photons a session.
    noise : float
        Share of bits that the link flips.

    Returns
    -------
    callable
        Takes a :class:`KeyStore`, returns the number of keys that it gave: 0 if the session ended without a key.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = KeyStore(folder + "/keys.db")
    ...     stored = link_source(pulses=100_000)(store)
    ...     store.close()
    >>> stored > 30
    True
    """
    import numpy as np

    from qlearn.communication.bb84 import exchange
    from qlearn.communication.secret_key import SESSION_BITS, AuthenticationKey, distill

    as_count(pulses, "pulses")
    as_probability(noise, "noise")
    seed = np.frombuffer(secrets.token_bytes(SESSION_BITS // 8), dtype=np.uint8)
    pool = AuthenticationKey(np.unpackbits(seed))

    def run(store: KeyStore) -> int:
        rng = np.random.default_rng(secrets.randbits(256))
        made = distill(exchange(pulses, noise=noise, rng=rng), authentication_key=pool, rng=rng)
        if made.key is None:
            log.warning("the link made no key: %s: %s", made.step, made.reason)
            return 0
        return store.add(np.packbits(made.key[: made.length // 8 * 8]).tobytes())

    return run


class Replenisher:
    """A thread that keeps a store filled from a source, drops keys that nobody fetched, and folds the log in.

    Parameters
    ----------
    store : KeyStore
        What is filled, up to its capacity.
    source : callable, optional
        :func:`link_source` or :func:`file_source`; None: nothing is added.
    every : float
        Seconds between two calls of the source.
    key_lifetime : float
        Seconds after which a key that no reader fetched is dropped.
    """

    def __init__(
        self, store: KeyStore, source: Source | None, *, every: float = 1.0, key_lifetime: float = 86_400.0
    ) -> None:
        self.store, self.source = store, source
        self.every = as_real(every, "every", above=0)
        self.key_lifetime = as_real(key_lifetime, "key_lifetime", above=0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replenisher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the session under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        # Each by itself: a source that fails must not keep old keys in the files.
        while not self._stop.is_set():
            for work in (self._fill, lambda: self.store.discard(self.key_lifetime), self.store.scrub):
                try:
                    work()
                except (StoreUnavailable, OSError) as fault:
                    log.error("replenishment waits: %s", fault)
                except Exception as fault:
                    # The text of another fault may hold what it stumbled over.
                    log.error("replenishment failed: %s", type(fault).__name__)
            self._stop.wait(self.every)

    def _fill(self) -> None:
        if self.source is not None and self.store.stored < self.store.capacity:
            self.source(self.store)
