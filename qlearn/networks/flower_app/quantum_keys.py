"""From the link to the model: keys of a simulated quantum link pay for a federation whose server sees sums alone."""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qlearn._checks import as_choice, as_count, as_probability, as_rng
from qlearn.communication.bb84.intercept_resend import InterceptResend
from qlearn.communication.bb84.transmission import exchange
from qlearn.communication.key_management.key_store import KEY_SIZE
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.authentication import SESSION_BITS, AuthenticationKey
from qlearn.communication.secret_key.distillation import DistilledKey, distill
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app._runs import Engine, Watch
from qlearn.networks.flower_app._vault import Vault, refuse_unmaskable
from qlearn.networks.flower_app.deployment import Deployment
from qlearn.networks.flower_app.federation import Federation, refuse_other
from qlearn.networks.flower_app.in_process import masked_loop
from qlearn.networks.flower_app.simulation import Simulation
from qlearn.networks.flower_app.stored_key import KME_ID, RunningService, StoredKey, key_service, store_key
from qlearn.networks.secure_aggregation.pairwise_pads import TAG_KEY_BYTES

_ENGINES = ("loop", "simulate", "deploy")


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
        _refuse_used(place)
        train = _training(federation, engine, place, None, options)
        sent = exchange(pulses, noise=noise, eavesdropper=eve, rng=generator)
        pool = AuthenticationKey(random_bits(SESSION_BITS, rng=generator))
        link = distill(sent, authentication_key=pool, rng=generator)
        stored = store_key(link, place / "pki", federation.names)
        with key_service(stored, place / "kme.log") as service:
            history, account = _under_keys(federation, stored, service, place, train)
    return SecureTraining(link, history, account)


def train_under_keys(
    federation: Federation,
    stored: StoredKey,
    service: RunningService,
    folder: str | Path,
    *,
    engine: str = "loop",
    watch: Watch | None = None,
    **options: Any,
) -> tuple[History, KeyAccount]:
    """Train a federation on the keys that a service delivers: the last arrow of the way, from a store to a model.

    Parameters
    ----------
    federation : Federation
        Three clients or more, with FedAvg, whose names are those of the store.
    stored : StoredKey
        What :func:`store_key` made.
    service : RunningService
        What :func:`key_service` gives.
    folder : str or Path
        Where the clients keep what is theirs, and Flower its logs and the checkpoint.
    engine : {"loop", "simulate", "deploy"}
        As for :func:`secure`.
    watch : callable, optional
        Told in a word or two what has just been done: "superlink", "client 0", "run", "round 1".
    **options
        As for :func:`deploy`.

    Returns
    -------
    history : History
    account : KeyAccount
        Of the bits of key.

    Examples
    --------
    >>> train_under_keys(Federation(n_clients=2), stored=None, service=None, folder="here")
    Traceback (most recent call last):
    ...
    ValueError: n_clients must be at least 3, not 2: of two clients each knows the other's update from the sum
    """
    refuse_other(federation)
    as_choice(engine, _ENGINES, "engine")
    refuse_unmaskable(federation)
    if tuple(federation.names) != stored.names:
        raise ValueError(
            f"stored must be for the clients {', '.join(federation.names)}, but its certificates are of "
            f"{', '.join(stored.names)}: store the key for these clients"
        )
    place = Path(folder).resolve()
    train = _training(federation, engine, place, watch, options)
    return _under_keys(federation, stored, service, place, train)


def _under_keys(
    federation: Federation,
    stored: StoredKey,
    service: RunningService,
    folder: Path,
    train: Callable[[], History],
) -> tuple[History, KeyAccount]:
    """Give the clients what they must hold, train, and draw up the account."""
    before = stored.left()
    Vault(folder / "vault").fill(
        federation.names, url=service.url, kme_id=KME_ID, pki=stored.folder, federation=federation
    )
    history = train()
    left = stored.left()
    terms = Vault.terms(federation)
    drawn, used = (history.state[name] for name in ("pairs drawn", "pairs used"))
    tags = 2 * 8 * TAG_KEY_BYTES
    account = KeyAccount(
        made=stored.made,
        stored=before,
        taken=before - left,
        delivered=drawn * terms.pair_bits,
        pads=used * (terms.pair_bits - tags),
        tags=used * tags,
        left=left,
    )
    return history, account


def round_key_bits(federation: Federation, piece: int = KEY_SIZE) -> int:
    r"""Return the bits of stock that one masked round takes, in whole pieces.

    .. math:: \binom n2 \left\lceil \frac{3 d w + 2 \cdot 256}{p} \right\rceil p

    :math:`n` clients, :math:`d` words of :math:`w = 64` bits, two tags a pair, pieces of :math:`p` bits: a pair's key is
    cut of whole pieces, and what is left of the last is used by nobody.

    Parameters
    ----------
    federation : Federation
        Whose rounds they are.
    piece : int
        Bits of a piece of stock.

    Returns
    -------
    int

    Examples
    --------
    >>> round_key_bits(Federation(n_clients=3)), round_key_bits(Federation(model="qnn", n_clients=3))
    (5376, 14592)
    """
    refuse_other(federation)
    as_count(piece, "piece")
    n = federation.n_clients
    return n * (n - 1) // 2 * (-(-Vault.terms(federation).pair_bits // piece) * piece)


def _refuse_used(place: Path) -> None:
    if (place / "pki").exists():
        raise ValueError(
            f"folder must be a new one, but {place} holds keys and certificates already: name another"
        )


def _training(
    federation: Federation, engine: str, folder: Path, watch: Watch | None, options: dict[str, Any]
) -> Callable[[], History]:
    """Return what runs the masked rounds on one of the three engines; what it refuses, it refuses now."""
    vault = folder / "vault"
    if engine == "loop":
        return partial(masked_loop, federation, vault, **options)
    kinds: dict[str, Callable[..., Engine]] = {"simulate": Simulation, "deploy": Deployment}
    running = kinds[engine](federation, folder, vault=vault, watch=watch, **options)

    def train() -> History:
        with running:
            running.submit()
            return running.wait()

    return train
