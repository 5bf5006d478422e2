r"""Secure rounds: one sum from clients and server, and federated averaging in which the server sees only sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_real, as_rng
from qlearn._types import Array, Arrays
from qlearn.learning.neural_networks.optimizers import checked_parameters
from qlearn.networks.federated.client import Client, agreed_shapes, own_of_server
from qlearn.networks.secure_aggregation.aggregation_server import (
    AggregationServer,
    ClientFailure,
    SecureAggregationAborted,
)
from qlearn.networks.secure_aggregation.key_source import KeySessionAborted
from qlearn.networks.secure_aggregation.masked_client import MaskedClient
from qlearn.networks.secure_aggregation.round_messages import RoundMessage
from qlearn.networks.secure_aggregation.survivors import RefusedMessage

Direction = Literal["up", "down"]


class Post(Protocol):
    """What carries a message: from the client's name, a direction and the message to what arrives; it may raise."""

    def __call__(self, name: str, direction: Direction, message: RoundMessage) -> RoundMessage:
        """Return what arrives at the other end."""
        ...


@dataclass(frozen=True)
class SecureRound:
    """The record of one round.

    Parameters
    ----------
    number : int
        The round.
    members : tuple of str
        Who joined.
    survivors : tuple of str
        Whose updates are in the sum; empty if there is none.
    failures : tuple of ClientFailure
        What clients did not do, or refused. Of a fault within a client the kind alone: an error says which number was too
        large, and that number is the client's.
    aborted : str
        Why there is no sum; empty if there is one.
    key_bits : int
        Key that was drawn for this round by all pairs together, bits: also where the round was aborted. A store that makes
        a key of whole pieces of its own size loses the rest of the last piece of each, which is not counted here.
    pads : str
        "one-time", or "stretched": then the privacy of the round rests on AES.
    """

    number: int
    members: tuple[str, ...]
    survivors: tuple[str, ...]
    failures: tuple[ClientFailure, ...]
    aborted: str
    key_bits: int
    pads: str


class _LineFault(Exception):
    """What went wrong between a client and the server: no secret of either."""


@dataclass(frozen=True, eq=False)
class SecureSum:
    """The sum of a round, shape (d,), or None; and its record."""

    total: Array | None
    record: SecureRound


def aggregate(
    server: AggregationServer,
    clients: Sequence[MaskedClient],
    updates: Mapping[str, ArrayLike | Callable[[], ArrayLike]],
    number: int,
    *,
    about: bytes = b"",
    post: Post | None = None,
) -> SecureSum:
    """Play one round: five messages of each client, and the sum of the updates that arrived.

    Whatever a client or the line does wrong ends that client's part of the round, and is in the record. A pair that gets no
    keys stops the round for all, before any update is masked. To try again is another round with other pads: with the
    *same* updates the sums of both may differ by one client (:class:`MaskedClient`).

    Parameters
    ----------
    server : AggregationServer
        With the same terms as the clients.
    clients : sequence of MaskedClient
        Those that are asked.
    updates : mapping of str to array_like of float, shape (d,)
        For each client its update, or a function that makes it: that is called after the keys are there.
    number : int
        The round, above the last.
    about : bytes
        What the updates are made from, such as the bytes of a model: server and clients each hold theirs against the hash
        that all members signed. Here it is one object for all; over a network each client passes to
        :meth:`MaskedClient.mask` what it got.
    post : callable, optional
        Carries messages; None hands them over. :func:`encrypted_post` seals them.

    Returns
    -------
    SecureSum

    Examples
    --------
    See :class:`MaskedClient`.

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """
    names = [client.name for client in clients]
    missing = [name for name in names if name not in updates]
    if missing or len(set(names)) != len(names):
        raise ValueError(
            f"clients must be different and updates hold one of each, not clients {names} and updates of {list(updates)}"
        )
    for client in clients:
        if client.terms != server.terms:
            raise ValueError(f"clients must have the terms of the server; {client.name} has others")
    carry: Post = post or (lambda name, direction, message: message)
    failures: list[ClientFailure] = []
    before = sum(client.key_bits_drawn for client in clients)
    members: tuple[str, ...] = ()

    def carried(client: MaskedClient, direction: Direction, message: Any) -> Any:
        try:
            return carry(client.name, direction, message)
        except Exception as fault:  # the line is another party, as a client is: both may fail in any way
            raise _LineFault(f"{type(fault).__name__}: {fault}") from fault

    def ask(stage: str, whom: Iterable[str], step: Callable[[MaskedClient], RoundMessage]) -> list[Any]:
        answers = []
        for client in clients:
            if client.name in whom:
                try:
                    answer = carried(client, "up", step(client))
                    if getattr(answer, "sender", client.name) != client.name:
                        raise _LineFault(f"it spoke in the name of {answer.sender!r:.40}")
                    answers.append(answer)
                except KeySessionAborted:
                    raise
                except _LineFault as fault:
                    failures.append(ClientFailure(client.name, stage, str(fault)))
                except RefusedMessage as refusal:
                    failures.append(ClientFailure(client.name, stage, f"RefusedMessage: {refusal}"))
                except Exception as fault:
                    # Its words may hold numbers of the update, or of the samples: they are not the server's.
                    client.refused.append(f"{type(fault).__name__}: {fault}")
                    reason = f"{type(fault).__name__}; what it says stays with the client, in its .refused"
                    failures.append(ClientFailure(client.name, stage, reason))
        return answers

    def down(client: MaskedClient, message: Any) -> Any:
        return carried(client, "down", message)

    def update_of(client: MaskedClient) -> ArrayLike:
        update = updates[client.name]
        return update() if callable(update) else update

    def record(survivors: tuple[str, ...], aborted: str) -> SecureRound:
        drawn = sum(client.key_bits_drawn for client in clients) - before
        seen = (*failures, *server.failures)
        return SecureRound(number, members, survivors, seen, aborted, drawn, server.terms.pads)

    server.open(number, about)
    try:
        joined = server.members(ask("join", names, lambda client: client.join(number)))
        members = joined.members
        openings = server.relay(ask("share", members, lambda client: client.share(down(client, joined))))
        listed = server.survivors(
            ask(
                "mask",
                members,
                lambda client: client.mask(down(client, openings[client.name]), update_of(client), about),
            )
        )
        if not server.terms.recover:
            return SecureSum(server.total(), record(listed.survivors, ""))
        request = server.request(
            ask("sign", listed.survivors, lambda client: client.sign(down(client, listed)))
        )
        revealed = ask("reveal", listed.survivors, lambda client: client.reveal(down(client, request)))
        return SecureSum(server.total(revealed), record(listed.survivors, ""))
    except (SecureAggregationAborted, KeySessionAborted) as abort:
        return SecureSum(None, record((), str(abort)))


@dataclass
class SecureHistory:
    """The rounds of a secure run, and the model after the last of them.

    Parameters
    ----------
    parameters : list of ndarray
        The global model.
    rounds : list of SecureRound
        A record of each, also of those without a sum, in which the model stayed as it was.
    """

    parameters: Arrays
    rounds: list[SecureRound] = field(default_factory=list)

    def __repr__(self) -> str:
        failed = sum(bool(r.aborted) for r in self.rounds)
        return (
            f"SecureHistory({len(self.rounds)} rounds, {failed} without a sum, {self.key_bits:,} bits of key)"
        )

    @property
    def key_bits(self) -> int:
        """Key that all rounds drew, bits."""
        return sum(r.key_bits for r in self.rounds)


def secure_run(
    clients: Iterable[Client],
    maskers: Sequence[MaskedClient],
    server: AggregationServer,
    rounds: int,
    rng: Any = None,
    *,
    local_epochs: int = 1,
    initial: Sequence[ArrayLike] | None = None,
    positions: float = 1.0,
    post: Post | None = None,
) -> SecureHistory:
    r"""Train one model by federated averaging, where the server learns the sum of each round and what follows from the sums.

    .. math:: \theta \leftarrow \theta + \frac{\sum_u n_u (\theta_u - \theta)}{\sum_u n_u}

    Each client sends :math:`n_u (\theta_u - \theta)` and, as one more word, :math:`n_u`: both sums are of those whose update
    arrived, so that the result is :class:`~qlearn.networks.federated.FedAvg` of them, up to the rounding of
    :class:`FixedPoint`. A round without a sum leaves the model as it is, and so does one whose weights sum to less than 1.

    Clients that train alike on a model that did not move send the same update again: after a round that failed, or near the
    end of the training, sums over different survivors differ by single updates (:class:`MaskedClient`). The weight of a
    client is a word like the others: it must fit (:meth:`FixedPoint.largest`, which is 3.2 for ten clients, 12 bits and
    s = 6), and what is clipped or made noisy for privacy must hold for it, too.

    Parameters
    ----------
    clients : iterable of Client
        Who trains.
    maskers : sequence of MaskedClient
        For each client, in this order, its part in the sum. Their terms have one word for each number sent, and one more.
    server : AggregationServer
        With the same terms.
    rounds : int
        How many.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes: the first model, the clients' seeds, the positions.
    local_epochs : int
        Passes over its samples that a client makes in a round.
    initial : sequence of array_like, optional
        The first model. None: the first client makes it.
    positions : float
        Share of the parameters that are sent in a round, above 0 to 1; all clients send the same ones, drawn anew each round.
        Which would be largest for each client is its secret, and would be one if it chose.
    post : callable, optional
        As for :func:`aggregate`.

    Returns
    -------
    SecureHistory

    Examples
    --------
    >>> import os, tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> from qlearn.learning.neural_networks import SoftmaxClassifier
    >>> from qlearn.networks.secure_aggregation import Signer, StoreKeys, Terms
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> _ = store.add(os.urandom(2**14))  # in earnest the keys of a link
    >>> trio = [Client(SoftmaxClassifier(), [[-1.0], [v]], [0, 1]) for v in (1.0, 2.0, 3.0)]
    >>> terms = Terms(("Ann", "Ben", "Cem"), size=3)
    >>> signers = {name: Signer() for name in terms.clients}
    >>> roster = {name: signer.public_key for name, signer in signers.items()}
    >>> maskers = [MaskedClient(name, terms, StoreKeys(store, name), signers[name], roster) for name in terms.clients]
    >>> secure_run(trio, maskers, AggregationServer(terms, roster), rounds=2, rng=0)
    SecureHistory(2 rounds, 0 without a sum, 6,528 bits of key)
    >>> store.close(); folder.cleanup()

    References
    ----------
    McMahan et al., 2017, arXiv:1602.05629, algorithm 1; Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """
    as_count(rounds, "rounds")
    as_count(local_epochs, "local_epochs")
    if as_real(positions, "positions", most=1) <= 0:
        raise ValueError(f"positions must be above 0, not {positions}: a round needs a parameter")
    clients = list(clients)
    shapes = agreed_shapes(clients)
    if [masker.name for masker in maskers] != list(server.terms.clients) or len(clients) != len(maskers):
        raise ValueError(
            f"maskers must be one for each client, in the order of the terms: {len(clients)} clients, maskers "
            f"{[masker.name for masker in maskers]}, terms {list(server.terms.clients)}"
        )
    generator = as_rng(rng)
    model = checked_parameters(
        own_of_server(clients[0]).initial(generator) if initial is None else initial, shapes
    )
    n_parameters = sum(p.size for p in model)
    sent = max(1, int(np.floor(positions * n_parameters + 0.5)))
    if server.terms.size != sent + 1:
        raise ValueError(
            f"terms must have size {sent + 1}, the {sent} numbers sent of {n_parameters} and the weight, not {server.terms.size}"
        )
    history = SecureHistory(model)
    for _ in range(rounds):
        number = server.last_round + 1
        seeds = generator.integers(2**32, size=len(clients)).tolist()
        where = np.sort(generator.permutation(n_parameters)[:sent])
        flat = np.concatenate([p.ravel() for p in history.parameters])

        def trained(
            client: Client, seed: int, number: int = number, where: Any = where, flat: Array = flat
        ) -> Array:
            config = {"round": number, "epochs": local_epochs, "seed": seed}
            parameters, n, _ = client.fit([p.copy() for p in history.parameters], config)
            checked = checked_parameters(parameters, shapes)
            step = np.concatenate([p.ravel() for p in checked]) - flat
            return np.append(n * step[where], n)

        updates = {
            masker.name: (lambda client=client, seed=seed: trained(client, seed))
            for masker, client, seed in zip(maskers, clients, seeds, strict=True)
        }
        about = flat.tobytes() + where.tobytes()
        result = aggregate(server, maskers, updates, number, about=about, post=post)
        record, usable = result.record, result.total is not None and result.total[-1] >= 1
        if result.total is not None and not usable:
            aborted = f"the weights of the sum add up to {result.total[-1]:g}: some client sent nonsense"
            record = replace(record, aborted=aborted)
        history.rounds.append(record)
        if result.total is not None and usable:
            flat = flat.copy()
            flat[where] += result.total[:-1] / result.total[-1]
            ends = np.cumsum([p.size for p in history.parameters])
            parts = np.split(flat, ends[:-1])
            history.parameters = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
    return history
