r"""Lying server: what it learns by saying two things about one client, and from whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qlearn.networks.secure_aggregation.masked_client import MaskedClient
from qlearn.networks.secure_aggregation.round_messages import Request, Survivors
from qlearn.networks.secure_aggregation.secret_shares import recover_secret
from qlearn.networks.secure_aggregation.survivors import RefusedMessage


def answer_as_asked(
    self_shares: Mapping[int, bytes],
    key_shares: Mapping[int, bytes],
    active: Sequence[int],
    dead: Sequence[int],
) -> list[bytes]:
    r"""Return the shares that a client gives who believes both lists: the rule of Flower's SecAgg+ client.

    For each client said to be active its share of that one's self-mask, for each said to be dead its share of that one's
    key. Nothing is asked about a client that stands in both lists, and then both secrets of it are given.

    Parameters
    ----------
    self_shares, key_shares : mapping of int to bytes
        This client's shares of each other's two secrets.
    active, dead : sequence of int
        What the server says.

    Returns
    -------
    list of bytes
        Those of the active, then those of the dead.

    Examples
    --------
    >>> answer_as_asked({1: b"s1", 2: b"s2"}, {1: b"k1", 2: b"k2"}, active=[1, 2], dead=[2])
    [b's1', b's2', b'k2']

    References
    ----------
    Flower 1.42, ``flwr.client.mod.secaggplus_mod``, step *unmask*; a test runs the package beside this function.
    """
    return [*(self_shares[name] for name in active), *(key_shares[name] for name in dead)]


def both_secrets(
    answers: Mapping[int, Sequence[bytes]],
    active: Sequence[int],
    dead: Sequence[int],
    victim: int,
    threshold: int,
) -> tuple[bytes, bytes] | None:
    """Return the victim's self-mask and key if the answers are enough for both, else None.

    Parameters
    ----------
    answers : mapping of int to sequence of bytes
        The point of each client that answered, and its answer.
    active, dead : sequence of int
        The lists it was given.
    victim : int
        Who stands in both.
    threshold : int
        Shares that a secret takes.

    Returns
    -------
    tuple of bytes, or None

    Examples
    --------
    >>> from qlearn.networks.secure_aggregation import threshold_shares
    >>> mask, key = threshold_shares(b"mask", 3, 2), threshold_shares(b"key!", 3, 2)
    >>> answers = {j: answer_as_asked({7: mask[j]}, {7: key[j]}, [7], [7]) for j in (1, 2)}
    >>> both_secrets(answers, [7], [7], victim=7, threshold=2)
    (b'mask', b'key!')
    """
    if victim not in active or victim not in dead or len(answers) < threshold:
        return None
    at_self, at_key = list(active).index(victim), len(active) + list(dead).index(victim)
    own = recover_secret({point: answer[at_self] for point, answer in answers.items()}, threshold)
    key = recover_secret({point: answer[at_key] for point, answer in answers.items()}, threshold)
    return own, key


@dataclass(frozen=True)
class Lie:
    """What a server got by showing two lists: how many signed each, who revealed, and what was refused."""

    signatures: tuple[int, int]
    revealed: tuple[str, ...]
    refused: tuple[str, ...]


def show_two_lists(
    clients: Iterable[MaskedClient], number: int, first: Sequence[str], second: Sequence[str]
) -> Lie:
    """Show every client that waits for a list of survivors first one, then another, and ask each to reveal under both.

    Parameters
    ----------
    clients : iterable of MaskedClient
        After :meth:`MaskedClient.mask`.
    number : int
        The round.
    first, second : sequence of str
        Two lists. A client that is on one alone is shown that one.

    Returns
    -------
    Lie

    Examples
    --------
    See the chapter: two lists, and each client signs one.

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """
    clients = list(clients)
    refused: list[str] = []
    signatures: list[dict[str, bytes]] = []
    for survivors in (tuple(first), tuple(second)):
        signed = {}
        for client in clients:
            if client.name in survivors:
                try:
                    signed[client.name] = client.sign(Survivors(number, survivors)).signature
                except RefusedMessage as refusal:
                    refused.append(str(refusal))
        signatures.append(signed)
    revealed = []
    for signed in signatures:
        for client in clients:
            if client.name in signed:
                try:
                    client.reveal(Request(number, signed))
                    revealed.append(client.name)
                except RefusedMessage as refusal:
                    refused.append(str(refusal))
    return Lie((len(signatures[0]), len(signatures[1])), tuple(revealed), tuple(refused))
