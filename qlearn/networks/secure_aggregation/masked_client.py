r"""Masked client: a party of a secure sum, that sends its update under masks and helps to take the sum's off, once."""

import os
from collections.abc import Mapping
from threading import RLock
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count
from qlearn.networks.secure_aggregation._client_round import ClientRound
from qlearn.networks.secure_aggregation._one_at_a_time import one_at_a_time
from qlearn.networks.secure_aggregation.key_source import KeySource, draw, fetch, keys_or_abort
from qlearn.networks.secure_aggregation.pairwise_pads import PairKeys, pairwise_mask
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
    refuse_malformed,
)
from qlearn.networks.secure_aggregation.survivors import (
    RefusedMessage,
    Signer,
    Terms,
    check_roster,
    hash_of,
    keys_digest,
    keys_statement,
    list_fault,
    list_statement,
    require_signatures,
    verify_signature,
)


class MaskedClient:
    r"""One client of a secure sum. It trusts whoever makes and relays its keys, its roster and `terms.corrupted`; the server not.

    A round has five steps, each a message in and a message out: :meth:`join`, :meth:`share`, :meth:`mask`, :meth:`sign`,
    :meth:`reveal`. What does not fit is refused by :class:`RefusedMessage` and noted in ``refused``; the client then
    waits for the right message, and what it holds stays with it. It

    - masks only for members that *all* members signed, so that nobody was shown a smaller circle or another model; what is
      signed names all keys of the round, so that a signature says nothing of another run that has the same number;
    - signs one list of survivors a round, with itself on it, of at least t members;
    - helps after t signatures on that very list, once: for a survivor by its share of the self-mask, for one that fell out
      by the pads with it, never by both.

    What it cannot prevent:

    - that a corrupted client, or somebody on a line that is not sealed (:func:`encrypted_post`), changes the sum. Masks hide
      updates, also bad ones, and a word that was added to one is in the sum;
    - that two sums differ by one client. If it sends the same update in two rounds, and the server says that another one fell
      out of the second, the difference of the sums is that other one's update. A server can call a round failed that gave it
      a sum. So do not send an update again as it was, or put noise into it (:func:`noise_share`);
    - that the sum is one client's, if nobody says what the updates are about (`about` in :meth:`mask`). A server that hands out
      models can give all others one on which they learn nothing (Pasquini et al.);
    - that a server begins rounds without end, each of which spends key.

    It is not copied, pickled or used after a fork, and takes one step at a time: two copies would put two updates under one pad.

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
    >>> import os, tempfile
    >>> from qlearn.communication.key_management import KeyStore
    >>> from qlearn.networks.secure_aggregation import AggregationServer, KeySessionAborted, StoreKeys, aggregate
    >>> folder = tempfile.TemporaryDirectory()
    >>> store = KeyStore(folder.name + "/keys.db")
    >>> _ = store.add(os.urandom(4096))  # in earnest the keys of a link
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
    Pasquini, Francati and Ateniese, "Eluding secure aggregation in federated learning via model inconsistency", CCS 2022,
    arXiv:2111.07380.
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
        check_roster(roster, terms, name, signer)
        if as_count(key_bits, "key_bits", least=8) % 8:
            raise ValueError(f"key_bits must be a multiple of 8, not {key_bits}")
        self.name, self.terms = name, terms
        self._keys, self._signer, self._roster = keys, signer, dict(roster)
        self._key_bits, self._at_once = key_bits, as_count(keys_at_once, "keys_at_once")
        self._rng = rng if rng is None else np.random.default_rng(rng)
        self._state: ClientRound | None = None
        self._last, self._lock, self._home = 0, RLock(), os.getpid()
        self._seen: set[str] = set()
        self.key_bits_drawn = 0
        """Bits of key that this client drew with later ones since it was made: each pair's are drawn by one end."""
        self.refused: list[str] = []
        """What it refused or could not do, in its own words, which may speak of its update: they stay here."""

    def __repr__(self) -> str:
        return f"MaskedClient({self.name}, round {self._last}, {len(self.refused)} refused)"

    def __copy__(self) -> "MaskedClient":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "MaskedClient":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a MaskedClient cannot be pickled: the copy would use the same pads once more")

    @one_at_a_time
    def join(self, number: int) -> Joined:
        """Begin a round: draw keys with each client after this one, and say under which IDs."""
        number = as_count(number, "number")
        if number <= self._last:
            self._refuse(
                f"round {number} was here already, the last was {self._last}: a round is not played twice"
            )
        self._last, self._state, state = number, None, ClientRound(number)
        for other in self.terms.clients[self.terms.clients.index(self.name) + 1 :]:
            state.key_ids[other], state.drawn[other] = draw(
                self._keys,
                self.name,
                other,
                self.terms.pair_bits // 8,
                key_bits=self._key_bits,
                at_once=self._at_once,
                came=self._count,
            )
            self._seen.update(state.key_ids[other])
        self._state = state
        statement = keys_statement(self.terms, number, self.name, state.key_ids)
        return Joined(number, self.name, dict(state.key_ids), self._signer.sign(statement))

    @one_at_a_time
    def share(self, members: Members) -> Shared:
        """Take the members of the round: fetch the keys with those before, sign the list, send out sealed shares."""
        state = self._at("joined", members, Members)
        listed = self._listed(members.members, self.terms.clients)
        before = listed[: listed.index(self.name)]
        for other in listed:
            if other == self.name:
                continue
            ids = members.key_ids.get(other, {})
            statement = keys_statement(self.terms, members.number, other, ids)
            if not verify_signature(self._roster[other], statement, members.signatures.get(other, b"")):
                self._refuse(f"the key IDs of {other} are not signed by it for round {members.number}")
            if other in before and self._seen.intersection(ids.get(self.name, ())):
                self._refuse(f"{other} names a key that was used before: a pad is used once")
        drawn = {other: tuple(ids) for other, ids in state.key_ids.items()}
        if members.key_ids.get(self.name) != drawn:
            self._refuse(f"the key IDs under the name of {self.name} are not those that it drew")
        self._state, pairs = None, {}  # from here on keys are spent: without all of them the round is over
        for other in listed:
            if other == self.name:
                continue
            material = state.drawn.get(other, b"")
            if other in before:
                ids_here = members.key_ids.get(other, {}).get(self.name, ())
                self._seen.update(ids_here)
                material = fetch(self._keys, self.name, other, ids_here, at_once=self._at_once)
            with keys_or_abort(self.name, other):
                pairs[other] = PairKeys.cut(
                    material, self.terms.mask_bytes, recover=self.terms.recover, first=other not in before
                )
        self._state = state
        state.drawn, state.key_ids = {}, {}
        state.pairs, state.members, state.about, state.stage = pairs, listed, members.about, "shared"
        state.keys = keys_digest({name: members.key_ids.get(name, {}) for name in listed})
        sealed = state.seal_shares(self.name, self.terms, self._rng) if self.terms.recover else {}
        statement = list_statement(self.terms, state.number, listed, keys=state.keys, about=state.about)
        return Shared(state.number, self.name, self._signer.sign(statement), sealed)

    @one_at_a_time
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
            self._refuse(
                f"round {state.number} is about another model, other settings or other rows than those that this client got"
            )
        statement = list_statement(
            self.terms, state.number, state.members, keys=state.keys, about=state.about
        )
        self._require(statement, opening.signatures, state.members, all_of=True)
        if self.terms.recover:
            try:
                state.open_shares(self.name, self.terms, opening.shares)
            except RefusedMessage as refusal:
                self._refuse(str(refusal))
        own = self.terms.clients.index(self.name)
        pads = {
            self.terms.clients.index(other): state.pad(self.terms, pair.pad)
            for other, pair in state.pairs.items()
        }
        masked = pairwise_mask(words, own, pads, word_bits=self.terms.numbers.word_bits)
        if self.terms.recover:
            masked = (masked + state.pad(self.terms, state.self_mask)) & self.terms.numbers.mask
        state.stage = "masked"
        return Masked(state.number, self.name, masked.astype(">u8").tobytes())

    @one_at_a_time
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
        statement = list_statement(self.terms, state.number, state.members, state.survivors, keys=state.keys)
        return Signed(state.number, self.name, self._signer.sign(statement))

    @one_at_a_time
    def reveal(self, request: Request) -> Revealed:
        """Help to take the masks of the sum off, if enough survivors signed the list that this client signed."""
        state = self._at("signed", request, Request)
        statement = list_statement(self.terms, state.number, state.members, state.survivors, keys=state.keys)
        self._require(statement, request.signatures, state.survivors)
        shares = {name: state.shares[name] for name in state.survivors}
        pads = {
            self.terms.clients.index(name): state.pad(self.terms, state.pairs[name].pad)
            for name in state.members
            if name not in state.survivors
        }
        nothing = np.zeros(self.terms.size, np.uint64)
        own = self.terms.clients.index(self.name)
        summed = pairwise_mask(nothing, own, pads, word_bits=self.terms.numbers.word_bits)
        self._state = None  # what is left of the round's keys is forgotten
        return Revealed(request.number, self.name, shares, summed.astype(">u8").tobytes() if pads else b"")

    def _count(self, n_bytes: int) -> None:
        self.key_bits_drawn += 8 * n_bytes

    def _refuse(self, reason: str) -> None:
        self.refused.append(reason)
        raise RefusedMessage(f"{self.name} refuses: {reason}")

    def _at(self, stage: str, message: RoundMessage, kind: type[RoundMessage]) -> ClientRound:
        """Return the round's state if a message of this round and kind comes at this stage."""
        if not isinstance(message, kind):
            self._refuse(f"{type(message).__name__} came where {kind.__name__} is expected")
        try:
            refuse_malformed(message)
        except TypeError as fault:
            self._refuse(str(fault))
        number = message.number
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
