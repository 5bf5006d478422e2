r"""Readers of a log: what one of them sees alone, and what only two can see."""

from collections.abc import Sequence

from qlearn.networks.federated.signed_updates import public_key
from qlearn.networks.ledger.proofs import verify_consistency, verify_inclusion
from qlearn.networks.ledger.signed_root import LedgerRefused, SignedRoot, refuse_unsigned, verify_root


class Reader:
    """Somebody who knows a log's public key, and remembers the last root that it showed: some 3 kB, however long the log.

    A first root is taken as it is: whether entries had been dropped before it, nobody can tell who has no earlier one. From then
    on every root must continue it. That another reader is shown *another* history, this one cannot see:
    :func:`compare_heads`.

    Parameters
    ----------
    key : bytes
        The log's public key.
    log : str
        Its name.
    head : SignedRoot, optional
        What it remembers from before.

    Examples
    --------
    >>> from qlearn.networks.ledger import RootSigner, consistency_proof, inclusion_proof, merkle_root
    >>> entries, signer = [b"a", b"b", b"c"], RootSigner("trial")
    >>> signed = [signer.sign(n, merkle_root(entries[:n]), time=n) for n in range(4)]
    >>> reader = Reader(signer.public_key, "trial")
    >>> reader.accept(signed[2])
    >>> reader.accept(signed[3], consistency_proof(entries, 2))
    >>> reader.check(b"a", 0, inclusion_proof(entries, 0))
    >>> reader.accept(signed[2])
    Traceback (most recent call last):
        ...
    qlearn.networks.ledger.signed_root.LedgerRefused: the log had 3 entries and shows 2: its end was cut off, or the root is old
    """

    def __init__(self, key: bytes, log: str, head: SignedRoot | None = None) -> None:
        self.key, self.log = key, log
        self._key = public_key(key, "key", "this one")
        if head is not None:
            refuse_unsigned(head, self._key, log)
        self.head = head

    def accept(self, signed: SignedRoot, proof: Sequence[bytes] = ()) -> None:
        """Take a newer root, or refuse it and keep the one that is remembered.

        Parameters
        ----------
        signed : SignedRoot
            What the log shows now.
        proof : list of bytes
            That it continues the last one (:func:`consistency_proof`).

        Raises
        ------
        LedgerRefused
            With its reason: "signature" and "log"; "truncated" if there are fewer entries than before, also where somebody on
            the way has only sent an old root again; "equivocation" if as
            many have another root, which the two signatures prove to anybody; "time" if it is older than the last; "consistency"
            if the proof does not show that the old entries are still the first ones.
        """
        refuse_unsigned(signed, self._key, self.log)
        old = self.head
        if old is not None:
            if signed.size < old.size:
                raise LedgerRefused(
                    "truncated",
                    f"the log had {old.size} entries and shows {signed.size}: its end was cut off, or the root is old",
                )
            if signed.size == old.size and signed.root != old.root:
                raise LedgerRefused(
                    "equivocation",
                    f"the log has signed two roots of {old.size} entries: keep both, they prove it to anybody",
                )
            if signed.time < old.time:
                raise LedgerRefused("time", f"the root is of {signed.time}, before the last one's {old.time}")
            if not verify_consistency(old.size, signed.size, old.root, signed.root, proof):
                raise LedgerRefused(
                    "consistency",
                    f"the proof does not show that the {old.size} entries of before begin the {signed.size} of now",
                )
        self.head = signed

    def check(self, entry: bytes, index: int, proof: Sequence[bytes]) -> None:
        """Refuse an entry that the remembered root does not hold at this place.

        Parameters
        ----------
        entry : bytes
        index : int
            From 0.
        proof : list of bytes
            Of the size of the remembered root (:func:`inclusion_proof`).
        """
        if self.head is None:
            raise ValueError("no root was accepted yet: accept one before you check entries")
        if not verify_inclusion(entry, index, self.head.size, proof, self.head.root):
            raise LedgerRefused(
                "inclusion", f"the proof does not show that this is entry {index} of the {self.head.size}"
            )


def compare_heads(
    first: SignedRoot, second: SignedRoot, key: bytes, proof: Sequence[bytes] | None = None
) -> str:
    """Compare what a log has shown to two readers, and say what is proven.

    Parameters
    ----------
    first, second : SignedRoot
        One of each reader.
    key : bytes
        The log's public key. A root that it has not signed is refused.
    proof : list of bytes, optional
        What the log answers to the question for a proof of consistency between the two sizes.

    Returns
    -------
    str
        "same": one size, one root. "equivocation": one size, two roots, and both signatures; who sees them needs no word of
        anybody. "consistent": the proof joins them. "unproven": two sizes, and no proof that joins them. An honest
        log can always give one; that it has not is a reason to ask louder, and no evidence, for the proof may have been
        lost or spoiled on the way. A log that deceives can see to it that no two sizes are ever equal. Then entries convict it:
        two different ones that two inclusion proofs show *at one place*, each under a signed root.

    Examples
    --------
    >>> from qlearn.networks.ledger import RootSigner, merkle_root
    >>> signer = RootSigner("trial")
    >>> to_alice, to_bob = (signer.sign(1, merkle_root([entry]), time=1) for entry in (b"hers", b"his"))
    >>> compare_heads(to_alice, to_bob, signer.public_key)
    'equivocation'

    References
    ----------
    L. Chuat et al., "Efficient gossip protocols for verifying the consistency of certificate logs", IEEE CNS 2015,
    arXiv:1511.01514.
    """
    for signed in (first, second):
        verify_root(signed, key, first.log)
    if first.size == second.size:
        return "same" if first.root == second.root else "equivocation"
    old, new = sorted((first, second), key=lambda s: s.size)
    joined = proof is not None and verify_consistency(old.size, new.size, old.root, new.root, proof)
    return "consistent" if joined else "unproven"
