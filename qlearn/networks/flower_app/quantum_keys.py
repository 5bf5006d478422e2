"""From the link to the model: keys of a simulated quantum link pay for a federation whose server sees sums alone."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import qlearn
from qlearn._checks import as_choice, as_count, as_probability, as_rng
from qlearn.communication.bb84.intercept_resend import InterceptResend
from qlearn.communication.bb84.transmission import exchange
from qlearn.communication.key_management.key_store import KeyStore
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.authentication import SESSION_BITS, AuthenticationKey
from qlearn.communication.secret_key.distillation import DistilledKey, distill
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app._runs import Engine
from qlearn.networks.flower_app._vault import Vault, refuse_unmaskable
from qlearn.networks.flower_app.deployment import Deployment
from qlearn.networks.flower_app.federation import Federation, refuse_other
from qlearn.networks.flower_app.in_process import masked_loop
from qlearn.networks.flower_app.simulation import Simulation
from qlearn.networks.secure_aggregation.pairwise_pads import TAG_KEY_BYTES

_ENGINES = ("loop", "simulate", "deploy")
_KME = "KME1"
_SECONDS_TO_START = 30.0


@dataclass(frozen=True)
class KeyAccount:
    """Where each bit of key went, from the link to the last tag.

    Parameters
    ----------
    made : int
        Bits that the link made, after what its own tags cost.
    stored : int
        Of these in whole keys in the store of the key service.
    taken : int
        Taken out of the stock by the service.
    delivered : int
        Delivered to pairs of clients: a key that is shorter than its pieces of stock leaves a rest.
    pads : int
        Used as one-time pads, of updates and of the shares of their masks.
    tags : int
        Used for the tags of these shares.
    left : int
        Still in stock.

    Examples
    --------
    >>> account = KeyAccount(made=5_100, stored=4_864, taken=2_560, delivered=2_400, pads=1_888, tags=512, left=2_304)
    >>> account.unused, account.stored == account.taken + account.left
    (0, True)
    >>> print(account)
    made by the link          5,100
    stored in whole keys      4,864
    taken out of stock        2,560
    delivered to the clients  2,400
    used as pads              1,888
    used for tags               512
    delivered, not used           0
    left in stock             2,304
    """

    made: int = 0
    stored: int = 0
    taken: int = 0
    delivered: int = 0
    pads: int = 0
    tags: int = 0
    left: int = 0

    @property
    def unused(self) -> int:
        """Bits that were delivered in rounds that broke off."""
        return self.delivered - self.pads - self.tags

    def __str__(self) -> str:
        rows = {
            "made by the link": self.made,
            "stored in whole keys": self.stored,
            "taken out of stock": self.taken,
            "delivered to the clients": self.delivered,
            "used as pads": self.pads,
            "used for tags": self.tags,
            "delivered, not used": self.unused,
            "left in stock": self.left,
        }
        return "\n".join(f"{name:24}  {bits:>{len(f'{self.made:,}')},}" for name, bits in rows.items())


@dataclass(frozen=True, eq=False)
class SecureTraining:
    """What :func:`secure` did: the session of the link, the rounds, and the account of the key."""

    link: DistilledKey
    history: History
    keys: KeyAccount


def secure(
    federation: Federation,
    folder: str | Path | None = None,
    *,
    engine: str = "simulate",
    pulses: int = 400_000,
    noise: float = 0.02,
    eavesdropped: float = 0.0,
    rng: Any = None,
    **options: Any,
) -> SecureTraining:
    """Train a federation under keys of a quantum link, from the first pulse to the model.

    A simulated link makes a secret key; a store takes it; a key service of ETSI GS QKD 014, a process of its own, delivers
    it over mutual TLS to the clients, each of which has a certificate; they mask their updates by it, bit for bit;
    Flower carries the messages; the server sees sums. Where somebody listens on the link it makes no key, no update is
    masked or sent, and each round says why.

    Nodes do not rely on the server to send what it should: they do each step once, for the clients of their roster, and train
    from the model, by the settings and on the rows that all of them signed. With ``engine="deploy"`` each is told at its start to
    give no model and no score without masks; a simulation and the loop have that from the server. Nodes here add no noise: a
    server that asks twice for updates of one model, the second time of one client fewer, has that client's update as the
    difference of two sums. What else is left to a lying server, and to others on a line, is said at
    :class:`~qlearn.networks.secure_aggregation.MaskedClient`. Whoever reaches the SuperLink's port and sends the nodes another
    *app* has their rows (see :func:`deploy`).

    Link, service and clients are on one machine here, and the link is a simulation: what this shows is who needs
    how many bits of what, and protects nothing.

    Parameters
    ----------
    federation : Federation
        Three clients or more, with FedAvg: of two, each knows the other's update from the sum.
    folder : str or Path, optional
        Where certificates, keys and logs are kept; None: a temporary one, removed at the end.
    engine : {"simulate", "deploy", "loop"}
        How the clients run: in Flower's simulation, as SuperNodes, or in this process.
    pulses : int
        Single photons that the link sends.
    noise : float
        Share of bits that the line flips.
    eavesdropped : float
        Share of the pulses that Eve measures and sends on.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes, for the simulated link.
    **options
        As for :func:`simulate` and :func:`deploy`.

    Returns
    -------
    SecureTraining

    Examples
    --------
    >>> secure(Federation(n_clients=2))
    Traceback (most recent call last):
    ...
    ValueError: n_clients must be at least 3, not 2: of two clients each knows the other's update from the sum

    References
    ----------
    Bonawitz et al., "Practical secure aggregation for privacy-preserving machine learning", 2017,
    doi:10.1145/3133956.3133982. ETSI GS QKD 014 V1.1.1 (2019).
    """
    refuse_other(federation)
    as_choice(engine, _ENGINES, "engine")
    as_count(pulses, "pulses")
    as_probability(noise, "noise")
    eve = InterceptResend(eavesdropped) if as_probability(eavesdropped, "eavesdropped") else None
    refuse_unmaskable(federation)
    generator = as_rng(rng)
    with contextlib.ExitStack() as stack:
        place = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="qlearn-keys-"))
            if folder is None
            else folder
        )
        place = place.resolve()
        if (place / "pki").exists():
            raise ValueError(
                f"folder must be a new one, but {place} holds keys and certificates already: name another"
            )
        train = _training(federation, engine, place, options)
        sent = exchange(pulses, noise=noise, eavesdropper=eve, rng=generator)
        pool = AuthenticationKey(random_bits(SESSION_BITS, rng=generator))
        link = distill(sent, authentication_key=pool, rng=generator)
        names = federation.names
        pki = _service_folder(place / "pki", names)
        store = stack.enter_context(contextlib.closing(KeyStore(pki / "keys.db")))
        if link.key is not None:
            store.add(np.packbits(link.key[: link.length // 8 * 8]).tobytes())
        before = store.stored
        with _key_service(pki, place / "kme.log") as url:
            Vault(place / "vault").fill(names, url=url, kme_id=_KME, pki=pki)
            history = train()
        terms = Vault.terms(federation)
        drawn, used = (history.state[name] for name in ("pairs drawn", "pairs used"))
        tags = 2 * 8 * TAG_KEY_BYTES
        size = store.key_size
        account = KeyAccount(
            made=link.length,
            stored=before * size,
            taken=(before - store.stored) * size,
            delivered=drawn * terms.pair_bits,
            pads=used * (terms.pair_bits - tags),
            tags=used * tags,
            left=store.stored * size,
        )
    return SecureTraining(link, history, account)


def _training(
    federation: Federation, engine: str, folder: Path, options: dict[str, Any]
) -> Callable[[], History]:
    """Return what runs the masked rounds on one of the three engines; what it refuses, it refuses now."""
    vault = folder / "vault"
    if engine == "loop":
        return partial(masked_loop, federation, vault, **options)
    kinds: dict[str, Callable[..., Engine]] = {"simulate": Simulation, "deploy": Deployment}
    running = kinds[engine](federation, folder, vault=vault, **options)

    def train() -> History:
        with running:
            running.submit()
            return running.wait()

    return train


def _service_folder(folder: Path, names: list[str]) -> Path:
    """Make the certificates and the settings of a key service for these clients: `kme init`."""
    from qlearn.communication.kme import main

    with contextlib.redirect_stdout(io.StringIO()):
        main(["init", str(folder), "--kme", _KME, *(word for name in names for word in ("--sae", name))])
    return folder


@contextmanager
def _key_service(folder: Path, log: Path) -> Iterator[str]:
    """Run `kme serve` as a process on a free port, and give where it listens."""
    source = str(Path(qlearn.__path__[0]).parent)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))
    }
    words = [
        sys.executable,
        "-m",
        "qlearn.communication.kme",
        "serve",
        str(folder),
        "--port",
        "0",
        "--source",
        "none",
    ]
    with log.open("ab") as told:
        process = subprocess.Popen(
            words, env=environment, stdout=subprocess.PIPE, stderr=told, stdin=subprocess.DEVNULL, text=True
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if "listens on" not in line:
            raise RuntimeError(f"the key service does not start: {log.read_text().strip()[-800:]}")
        yield line.split()[-1]
    finally:
        process.terminate()
        try:
            process.wait(_SECONDS_TO_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
