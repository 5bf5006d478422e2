r"""Masked client: a party of a secure sum, that sends its update under masks and helps to take the sum's off, once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count
from qlearn.networks.secure_aggregation._sealed_shares import open_share, seal_share
from qlearn.networks.secure_aggregation.fixed_point import Words, words_of
from qlearn.networks.secure_aggregation.key_source import KeySource, draw, fetch
from qlearn.networks.secure_aggregation.pairwise_pads import PairKeys, pairwise_mask, stretched_pad
from qlearn.networks.secure_aggregation.round_messages import (
    Joined,
    Masked,
    Members,
    Opening,
    Request,
    Revealed,
    RoundMessage,
    Shared,
    Signed,
    Survivors,
)
from qlearn.networks.secure_aggregation.secret_shares import threshold_shares
from qlearn.networks.secure_aggregation.survivors import (
    RefusedMessage,
    Signer,
    Terms,
    hash_of,
    keys_statement,
    list_fault,
    list_statement,
    require_signatures,
    verify_signature,
)


@dataclass(repr=False)
class _Round:
    """What a client knows in one round, and forgets after it."""

    number: int
    drawn: dict[str, bytes] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    about: bytes = b""
    pairs: dict[str, PairKeys] = field(default_factory=dict)
    self_mask: bytes = b""
    shares: dict[str, bytes] = field(default_factory=dict)
    stage: str = "joined"
    survivors: tuple[str, ...] = ()


class MaskedClient:
    r"""One client of a secure sum. It trusts its own link, its roster and `terms.corrupted`; the server it does not.

    A round has five steps, each a message in and a message out: :meth:`join`, :meth:`share`, :meth:`mask`, :meth:`sign`,
    :meth:`reveal`. What does not fit is refused by :class:`RefusedMessage` and noted in ``refused``; the client then
    waits for the right message, and what it holds stays with it. It

    - masks only for members that *all* members signed, so that nobody was shown a smaller circle or another model;
    - signs one list of survivors a round, with itself on it, of at least t members;
    - helps after t signatures on that very list, once: for a survivor by its share of the self-mask, for one that fell out
      by the pads with it, never by both.

    What it cannot prevent: that a corrupted client sends nonsense and spoils the sum. Masks hide updates, also bad ones.

    Parameters
    ----------
    name : str
        One of ``terms.clients``.
    terms : Terms
        What all agreed on.
    keys : KeySource
        A :class:`~qlearn.communication.key_management.KMEClient`, or :class:`StoreKeys`.
    signer : Signer
        Its signing key.
    roster : mapping of str to bytes
        The public key of each client, got beforehand and not from the server.
    key_bits, keys_at_once : int
        Bits of a key that the service gives at most, and how many in one answer (``max_key_size``, ``max_key_per_request``).
    rng : optional
        None: self-masks come from the system's secure source. A seed makes a test that comes again, and no secret.

    Examples
    --------
    >>> import tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> from qlearn.networks.secure_aggregation import AggregationServer, KeySessionAborted, StoreKeys, aggregate
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> _ = store.add(bytes(range(256)) * 16)
    >>> terms = Terms(("Ann", "Ben", "Cem"), size=2)
    >>> signers = {name: Signer() for name in terms.clients}
    >>> roster = {name: signer.public_key for name, signer in signers.items()}
    >>> clients = [MaskedClient(name, terms, StoreKeys(store, name), signers[name], roster) for name in terms.clients]
    >>> updates = {"Ann": [0.5, -1.25], "Ben": [2.0, 0.125], "Cem": [-0.75, 3.5]}
    >>> result = aggregate(AggregationServer(terms, roster), clients, updates, number=1)
    >>> result.total, result.record.key_bits
    (array([1.75 , 2.375]), 2688)

    Where the link gives no more keys, there is no next round:

    >>> _ = store.hand_out("Dia", "Eli", number=store.stored)
    >>> try:
    ...     clients[0].join(2)
    ... except KeySessionAborted as end:
    ...     print(end)
    Ann got no keys with Ben: NotEnoughKeys: there are not enough keys now: ... No update was sent
    >>> store.close(); folder.cleanup()

    References
    ----------
    Bonawitz et al., "Practical secure aggregation for privacy-preserving machine learning", CCS 2017,
    doi:10.1145/3133956.3133982: the steps. There masks follow from a key agreement; here they are keys of a link.
    """

    def __init__(
        self,
        name: str,
        terms: Terms,
        keys: KeySource,
        signer: Signer,
        roster: Mapping[str, bytes],
        *,
        key_bits: int = 4096,
        keys_at_once: int = 128,
        rng: Any = None,
    ) -> None:
        if name not in terms.clients:
            raise ValueError(f"name must be one of the clients {', '.join(terms.clients)}, not {name!r}")
        missing = [client for client in terms.clients if client not in roster]
        if missing:
            raise ValueError(f"roster must have a public key of every client; it lacks {', '.join(missing)}")
        if roster[name] != signer.public_key:
            raise ValueError(f"roster must have the public key of the signer of {name}, not another one")
        if as_count(key_bits, "key_bits", least=8) % 8:
            raise ValueError(f"key_bits must be a multiple of 8, not {key_bits}")
        self.name, self.terms = name, terms
        self._keys, self._signer, self._roster = keys, signer, dict(roster)
        self._key_bits, self._at_once = key_bits, as_count(keys_at_once, "keys_at_once")
        self._rng = rng if rng is None else np.random.default_rng(rng)
        self._state: _Round | None = None
        self._last = 0
        self._seen: set[str] = set()
        self.key_bits_drawn = 0
        """Bits of key that this client drew with later ones since it was made: each pair's are drawn by one end."""
        self.refused: list[str] = []
        """What it refused, in its own words."""

    def __repr__(self) -> str:
        return f"MaskedClient({self.name}, round {self._last}, {len(self.refused)} refused)"

    def join(self, number: int) -> Joined:
        """Begin a round: draw keys with each client after this one, and say under which IDs."""
        if as_count(number, "number") <= self._last:
            self._refuse(
                f"round {number} was here already, the last was {self._last}: a round is not played twice"
            )
        self._last, self._state, state = number, None, _Round(number)
        ids: dict[str, tuple[str, ...]] = {}
        for other in self.terms.clients[self.terms.clients.index(self.name) + 1 :]:
            ids[other], state.drawn[other] = draw(
                self._keys,
                self.name,
                other,
                self.terms.pair_bits // 8,
                key_bits=self._key_bits,
                at_once=self._at_once,
            )
            self.key_bits_drawn += self.terms.pair_bits
            self._seen.update(ids[other])
        self._state = state
        return Joined(
            number, self.name, ids, self._signer.sign(keys_statement(self.terms, number, self.name, ids))
        )

    def share(self, members: Members) -> Shared:
        """Take the members of the round: fetch the keys with those before, sign the list, send out sealed shares."""
        state = self._at("joined", members, Members)
        listed = self._listed(members.members, self.terms.clients)
        before = listed[: listed.index(self.name)]
        for other in before:
            ids = members.key_ids.get(other, {})
            statement = keys_statement(self.terms, members.number, other, ids)
            if not verify_signature(self._roster[other], statement, members.signatures.get(other, b"")):
                self._refuse(f"the key IDs of {other} are not signed by it for round {members.number}")
            if self._seen.intersection(ids.get(self.name, ())):
                self._refuse(f"{other} names a key that was used before: a pad is used once")
        for other in listed:
            material = state.drawn.get(other)
            if other in before:
                ids_here = members.key_ids[other].get(self.name, ())
                self._seen.update(ids_here)
                material = fetch(self._keys, self.name, other, ids_here, at_once=self._at_once)
            if other != self.name and material is not None:
                state.pairs[other] = PairKeys.cut(
                    material, self.terms.mask_bytes, recover=self.terms.recover, first=other not in before
                )
        state.drawn.clear()
        state.members, state.about, state.stage = listed, members.about, "shared"
        sealed = self._sealed_shares(state) if self.terms.recover else {}
        statement = list_statement(self.terms, state.number, listed, about=state.about)
        return Shared(state.number, self.name, self._signer.sign(statement), sealed)

    def mask(self, opening: Opening, update: ArrayLike, about: bytes = b"") -> Masked:
        """Send the update under its masks, after all members signed that they are the members, and `about` what it is.

        `about` is what the update was made from, for example the bytes of the model that this client got: if the others
        signed the hash of something else, the server showed them another model, and nothing is sent.
        """
        values = np.asarray(update)
        if values.shape != (self.terms.size,):
            raise ValueError(
                f"update must have the shape ({self.terms.size},) that was agreed on, not {values.shape}; nothing was sent"
            )
        words = self.terms.numbers.encode(values, n_clients=len(self.terms.clients))
        state = self._at("shared", opening, Opening)
        if hash_of(about) != state.about:
            self._refuse(f"round {state.number} is about another model than the one that this client got")
        statement = list_statement(self.terms, state.number, state.members, about=state.about)
        self._require(statement, opening.signatures, state.members, all_of=True)
        if self.terms.recover:
            state.shares.update(self._opened_shares(state, opening.shares))
        own = self.terms.clients.index(self.name)
        pads = {
            self.terms.clients.index(other): self._pad(state, pair.pad) for other, pair in state.pairs.items()
        }
        masked = pairwise_mask(words, own, pads, word_bits=self.terms.numbers.word_bits)
        if self.terms.recover:
            masked = (masked + self._pad(state, state.self_mask)) & self.terms.numbers.mask
        state.stage = "masked"
        return Masked(state.number, self.name, masked.astype(">u8").tobytes())

    def sign(self, survivors: Survivors) -> Signed:
        """Sign the list of survivors: one a round, of enough members, with this client on it."""
        signed = self._state if self._state and self._state.stage == "signed" else None
        if signed and isinstance(survivors, Survivors) and survivors.number == signed.number:
            if tuple(survivors.survivors) != signed.survivors:
                self._refuse(
                    f"a second list of survivors in round {survivors.number}: {', '.join(survivors.survivors)} after "
                    f"{', '.join(signed.survivors)}. One is signed, and no other"
                )
            self._refuse(f"the list of round {survivors.number} is signed already")
        state = self._at("masked", survivors, Survivors)
        state.survivors = self._listed(survivors.survivors, state.members)
        state.stage = "signed"
        statement = list_statement(self.terms, state.number, state.members, state.survivors)
        return Signed(state.number, self.name, self._signer.sign(statement))

    def reveal(self, request: Request) -> Revealed:
        """Help to take the masks of the sum off, if enough survivors signed the list that this client signed."""
        state = self._at("signed", request, Request)
        statement = list_statement(self.terms, state.number, state.members, state.survivors)
        self._require(statement, request.signatures, state.survivors)
        shares = {name: state.shares[name] for name in state.survivors}
        pads = {
            self.terms.clients.index(name): self._pad(state, state.pairs[name].pad)
            for name in state.members
            if name not in state.survivors
        }
        nothing = np.zeros(self.terms.size, np.uint64)
        own = self.terms.clients.index(self.name)
        summed = pairwise_mask(nothing, own, pads, word_bits=self.terms.numbers.word_bits)
        self._state = None  # what is left of the round's keys is forgotten
        return Revealed(request.number, self.name, shares, summed.astype(">u8").tobytes() if pads else b"")

    def _refuse(self, reason: str) -> None:
        self.refused.append(reason)
        raise RefusedMessage(f"{self.name} refuses: {reason}")

    def _at(self, stage: str, message: RoundMessage, kind: type[RoundMessage]) -> _Round:
        """Return the round's state if a message of this round and kind comes at this stage."""
        number = message.number
        if not isinstance(message, kind):
            self._refuse(f"{type(message).__name__} came where {kind.__name__} is expected")
        if self._state is None or number != self._state.number:
            here = "in no round" if self._state is None else f"in round {self._state.number}"
            self._refuse(f"a message of round {number} came {here}: it is old, or repeated")
        assert self._state is not None
        if self._state.stage != stage:
            self._refuse(
                f"round {number} is where this client has {self._state.stage}, not where it has {stage}: the message is "
                "doubled, or comes too early"
            )
        return self._state

    def _listed(self, names: tuple[str, ...], among: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list that names this client and enough others; refuse another."""
        if fault := list_fault(self.terms, names, among, self.name):
            self._refuse(fault)
        return tuple(names)

    def _require(
        self,
        statement: bytes,
        signatures: Mapping[str, bytes],
        among: tuple[str, ...],
        *,
        all_of: bool = False,
    ) -> None:
        try:
            least = len(among) if all_of else self.terms.threshold
            require_signatures(statement, signatures, among, self._roster, least)
        except RefusedMessage as refusal:
            self._refuse(str(refusal))

    def _pad(self, state: _Round, secret: bytes) -> Words:
        bits = self.terms.numbers.word_bits
        if self.terms.pads == "stretched":
            return stretched_pad(secret, self.terms.size, word_bits=bits, label=str(state.number).encode())
        return words_of(secret, bits)[: self.terms.size]

    def _sealed_shares(self, state: _Round) -> dict[str, bytes]:
        size = self.terms.mask_bytes
        state.self_mask = os.urandom(size) if self._rng is None else self._rng.bytes(size)
        shares = threshold_shares(state.self_mask, len(state.members), self.terms.threshold, rng=self._rng)
        sealed = {}
        for point, name in enumerate(state.members, start=1):
            if name == self.name:
                state.shares[name] = shares[point]
                continue
            pair = state.pairs[name]
            sealed[name] = seal_share(shares[point], pair, self.terms, state.number, self.name, name)
        return sealed

    def _opened_shares(self, state: _Round, sealed: Mapping[str, bytes]) -> dict[str, bytes]:
        opened = {}
        for sender, pair in state.pairs.items():
            share = open_share(sealed.get(sender, b""), pair, self.terms, state.number, sender, self.name)
            if share is None:
                self._refuse(
                    f"the share of {sender} for round {state.number} is missing, altered or of another round"
                )
            else:
                opened[sender] = share
        return opened
