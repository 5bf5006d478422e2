r"""Aggregation server: relays what it cannot read, and computes the sum of updates that it never holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from qlearn._checks import as_count
from qlearn._types import Array
from qlearn.networks.secure_aggregation.fixed_point import Words, words_of
from qlearn.networks.secure_aggregation.pairwise_pads import stretched_pad
from qlearn.networks.secure_aggregation.round_messages import (
    Joined,
    Masked,
    Members,
    Opening,
    Request,
    Revealed,
    Shared,
    Signed,
    Survivors,
)
from qlearn.networks.secure_aggregation.secret_shares import recover_secret
from qlearn.networks.secure_aggregation.survivors import Terms, hash_of, list_statement, verify_signature

_Message = TypeVar("_Message", Joined, Shared, Masked, Signed, Revealed)


@dataclass(frozen=True)
class ClientFailure:
    """A client that did not do its part of a round: which, at what step, and why."""

    client: str
    stage: str
    reason: str


class SecureAggregationAborted(RuntimeError):
    """A round ends without a sum; the reason says what was missing."""


class AggregationServer:
    r"""The server of a secure sum: it holds masked updates, and one sum.

    Each step takes the messages of the clients and gives the next message for them. A message of another round, of
    somebody unknown or a second one of the same client is not taken, and noted in ``failures``. With too few
    left the round is over: :class:`SecureAggregationAborted`.

    Parameters
    ----------
    terms : Terms
        What all agreed on.
    roster : mapping of str to bytes
        The public key of each client.

    Examples
    --------
    >>> from qlearn.networks.secure_aggregation import Joined, Signer
    >>> signer = Signer()
    >>> terms = Terms(("Ann", "Ben", "Cem"), size=1)
    >>> server = AggregationServer(terms, {name: signer.public_key for name in terms.clients})
    >>> server.open(1)
    >>> try:
    ...     server.members([Joined(1, "Ann", {}, b""), Joined(1, "Eve", {}, b"")])
    ... except SecureAggregationAborted as abort:
    ...     print(abort)
    1 of 3 clients joined, below the threshold 2
    >>> server.failures
    [ClientFailure(client='Eve', stage='join', reason='is none of Ann, Ben, Cem')]

    References
    ----------
    Bonawitz et al., 2017, doi:10.1145/3133956.3133982.
    """

    def __init__(self, terms: Terms, roster: Mapping[str, bytes]) -> None:
        self.terms, self._roster = terms, dict(roster)
        self._number, self._about = 0, b""
        self.failures: list[ClientFailure] = []
        """What clients did not do in this round."""
        self._clear()

    def __repr__(self) -> str:
        return f"AggregationServer({len(self.terms.clients)} clients, round {self._number})"

    @property
    def last_round(self) -> int:
        """The number of the last round that was begun; 0 before the first."""
        return self._number

    def _clear(self) -> None:
        self.failures = []
        self._members: tuple[str, ...] = ()
        self._survivors: tuple[str, ...] = ()
        self._masked: dict[str, Words] = {}

    def open(self, number: int, about: bytes = b"") -> None:
        """Begin a round, with a number above the last; `about` is what the updates are made from, such as the model."""
        if as_count(number, "number") <= self._number:
            raise ValueError(f"number must be above the last round's {self._number}, not {number}")
        self._clear()
        self._number, self._about = number, hash_of(about)

    def members(self, joined: Iterable[Joined]) -> Members:
        """Take who joined; return the members, with the IDs of their keys."""
        taken = self._taken(joined, Joined, "join", self.terms.clients)
        self._members = tuple(name for name in self.terms.clients if name in taken)
        self._enough(len(self._members), "joined")
        return Members(
            self._number,
            self._members,
            {name: message.key_ids for name, message in taken.items()},
            {name: message.signature for name, message in taken.items()},
            self._about,
        )

    def relay(self, shared: Iterable[Shared]) -> dict[str, Opening]:
        """Take signatures and sealed shares of all members; return for each what is for it."""
        taken = self._taken(shared, Shared, "share", self._members)
        if len(taken) < len(self._members):
            silent = [name for name in self._members if name not in taken]
            raise SecureAggregationAborted(
                f"{', '.join(silent)} joined and then said nothing: no update was masked yet. Begin another round without them"
            )
        signatures = {name: message.signature for name, message in taken.items()}
        return {
            name: Opening(
                self._number,
                signatures,
                {sender: message.shares[name] for sender, message in taken.items() if name in message.shares},
            )
            for name in self._members
        }

    def survivors(self, masked: Iterable[Masked]) -> Survivors:
        """Take the masked updates; return whose arrived."""
        size = 8 * self.terms.size
        for name, message in self._taken(masked, Masked, "mask", self._members).items():
            if len(message.words) != size:
                self._fail(
                    name,
                    "mask",
                    f"sent {len(message.words)} bytes, not the {size} of {self.terms.size} words",
                )
                continue
            self._masked[name] = words_of(message.words, 64) & self.terms.numbers.mask
        self._survivors = tuple(name for name in self._members if name in self._masked)
        self._enough(len(self._survivors), "sent an update")
        if not self.terms.recover and self._survivors != self._members:
            raise SecureAggregationAborted(
                f"{len(self._survivors)} of {len(self._members)} members sent an update, and the terms have no way to do "
                "without one: no mask comes off, and nothing was learned"
            )
        return Survivors(self._number, self._survivors)

    def request(self, signed: Iterable[Signed]) -> Request:
        """Take the signatures of the list; return them for all survivors."""
        statement = list_statement(self.terms, self._number, self._members, self._survivors)
        signatures = {}
        for name, message in self._taken(signed, Signed, "sign", self._survivors).items():
            if verify_signature(self._roster[name], statement, message.signature):
                signatures[name] = message.signature
            else:
                self._fail(name, "sign", "the signature is not on this list")
        self._enough(len(signatures), "signed the list of survivors")
        return Request(self._number, signatures)

    def total(self, revealed: Iterable[Revealed] = ()) -> Array:
        """Return the sum, shape (d,), of the survivors' updates, after enough of them helped."""
        total: Words = np.array(list(self._masked.values())).sum(axis=0, dtype=np.uint64)
        if self.terms.recover:
            total = total - self._masks(self._taken(revealed, Revealed, "reveal", self._survivors))
        return self.terms.numbers.decode(total & self.terms.numbers.mask)

    def _masks(self, taken: dict[str, Revealed]) -> Words:
        """Return what masks are left in the sum: the self-masks of survivors, and pads with those that fell out."""
        self._enough(len(taken), "helped to take the masks off")
        dropped = [name for name in self._members if name not in self._survivors]
        if dropped and len(taken) < len(self._survivors):
            silent = [name for name in self._survivors if name not in taken]
            raise SecureAggregationAborted(
                f"{', '.join(silent)} fell out while the pads with {', '.join(dropped)} were taken off: only they hold theirs"
            )
        masks = np.zeros(self.terms.size, np.uint64)
        for name in self._survivors:
            shares = {
                self._members.index(sender) + 1: message.shares[name]
                for sender, message in taken.items()
                if name in message.shares
            }
            try:
                secret = recover_secret(shares, self.terms.threshold)
                masks = masks + self._pad(secret)
            except ValueError as fault:
                raise SecureAggregationAborted(
                    f"the self-mask of {name} does not come off: {fault}"
                ) from fault
        for sender in self._survivors if dropped else ():
            pads = words_of(taken[sender].pads, 64)
            if pads.size != self.terms.size:
                raise SecureAggregationAborted(
                    f"{sender} revealed {pads.size} words of pads, not {self.terms.size}"
                )
            masks = masks + pads
        return masks

    def _pad(self, secret: bytes) -> Words:
        bits, size = self.terms.numbers.word_bits, self.terms.size
        if len(secret) != self.terms.mask_bytes:
            raise ValueError(f"shares must have {self.terms.mask_bytes} bytes, not {len(secret)}")
        if self.terms.pads == "stretched":
            return stretched_pad(secret, size, word_bits=bits, label=str(self._number).encode())
        return words_of(secret, bits)[:size]

    def _fail(self, name: str, stage: str, reason: str) -> None:
        self.failures.append(ClientFailure(name, stage, reason))

    def _taken(
        self, messages: Iterable[_Message], kind: type[_Message], stage: str, among: tuple[str, ...]
    ) -> dict[str, _Message]:
        """Return the messages by sender: of this kind and round, of those expected, and one of each."""
        taken: dict[str, _Message] = {}
        for message in messages:
            if message.sender not in among:
                self._fail(message.sender, stage, f"is none of {', '.join(among) or 'those in a round'}")
            elif message.number != self._number:
                self._fail(
                    message.sender, stage, f"sent a message of round {message.number}, this is {self._number}"
                )
            elif not isinstance(message, kind):
                self._fail(
                    message.sender, stage, f"sent {type(message).__name__} where {kind.__name__} is expected"
                )
            elif message.sender in taken:
                self._fail(
                    message.sender, stage, "sent a second message where one is expected: the first is taken"
                )
            else:
                taken[message.sender] = message
        return taken

    def _enough(self, found: int, what: str) -> None:
        if found < self.terms.threshold:
            raise SecureAggregationAborted(
                f"{found} of {len(self.terms.clients)} clients {what}, below the threshold {self.terms.threshold}"
            )
