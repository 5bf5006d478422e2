"""Methods of reconciliation: one table of them, and one function that corrects a key by any of them and verifies it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import ArrayLike

from qlearn._checks import as_bits, as_rng
from qlearn._types import Bits
from qlearn.communication.secret_key.public_channel import PublicChannel
from qlearn.communication.secret_key.reconciliation._interface import Engine, Reconciler
from qlearn.communication.secret_key.reconciliation.cascade.binary_search import Variant
from qlearn.communication.secret_key.reconciliation.cascade.protocol import CASCADE
from qlearn.communication.secret_key.reconciliation.ldpc.protocol import LDPC
from qlearn.communication.secret_key.verification import verify
from qlearn.qubits.entropies import binary_entropy

Method = Literal["cascade", "ldpc"]

RECONCILERS: dict[str, Reconciler] = {"cascade": CASCADE, "ldpc": LDPC}
"""The ways to correct errors, by name."""


def as_method(x: Any, name: str) -> Reconciler:
    """Return the method of this name, or say which there are."""
    if not isinstance(x, str) or x not in RECONCILERS:
        raise ValueError(f"{name} must be one of {', '.join(RECONCILERS)}, not {x!r}")
    return RECONCILERS[x]


@dataclass(frozen=True, eq=False)
class ReconciledKeys:
    """Two corrected keys, checked against each other.

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (n,)
        Their keys; Alice's is what it was.
    disclosed, rounds, frame : int
        As in :class:`~qlearn.communication.secret_key.CorrectedKey`. The tags of the check are not among them: they are
        counted where they are made.
    verified : bool
        Whether the tags of all frames agree. False: the keys differ somewhere and are no keys.
    """

    alice: Bits = field(repr=False)
    bob: Bits = field(repr=False)
    disclosed: int
    rounds: int
    verified: bool
    frame: int

    def efficiency(self, qber: float) -> float:
        r"""Return how much more was disclosed than Shannon's least: :math:`f = \text{disclosed} / (n\,h(e))`.

        Parameters
        ----------
        qber : float
            Error rate, above 0 and below 1.

        Returns
        -------
        float
            At least 1 on average, if every error was corrected; 1.05 is good.
        """
        least = self.alice.size * float(binary_entropy(qber))
        if not least:
            raise ValueError(f"qber must lie between 0 and 1 to be compared with, not {qber}")
        return self.disclosed / least


def reconcile(
    alice: ArrayLike,
    bob: ArrayLike,
    qber: float,
    *,
    method: Method = "cascade",
    channel: PublicChannel | None = None,
    rng: Any = None,
    frame: int | None = None,
    variant: Variant | None = None,
    engine: Engine = "auto",
) -> ReconciledKeys:
    """Correct Bob's key until it is Alice's, and verify every frame of it.

    Parameters
    ----------
    alice, bob : array_like of 0/1, shape (n,)
        Their keys; for "ldpc" of at least 256 bits.
    qber : float
        Estimated error rate, from 0 to below 1/2.
    method : {"cascade", "ldpc"}
        Many short questions, or one long syndrome.
    channel : PublicChannel, optional
        Where they speak. None: a line of their own.
    rng : None, int or numpy.random.Generator
        Draws the public seeds of the correction and of the tags.
    frame : int, optional
        The most bits a frame may have, which is corrected for itself. None: 2**14 for "cascade", 2**17 for "ldpc".
    variant : {"near-optimal", "original"}, optional
        Of "cascade" alone: which block sizes and how many passes. None: near-optimal.
    engine : {"auto", "numba", "numpy"}
        Who computes. Both have the same results, bit for bit; numba is faster and must be installed, "auto" takes it if
        it is.

    Returns
    -------
    ReconciledKeys
        Both keys, `verified` if all tags agree. If it is False they are no keys.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> alice = rng.integers(0, 2, 50_000, dtype=np.uint8)
    >>> bob = alice ^ (rng.random(50_000) < 0.05)
    >>> keys = reconcile(alice, bob, 0.05, rng=2)
    >>> keys.verified, bool((keys.alice == keys.bob).all()), round(keys.efficiency(0.05), 1)
    (True, True, 1.0)
    >>> keys = reconcile(alice, bob, 0.05, method="ldpc", rng=2)
    >>> keys.verified, round(keys.efficiency(0.05), 1)
    (True, 1.1)
    """
    correct = as_method(method, "method").correct
    if variant is not None and method != "cascade":
        raise ValueError(f"variant is an option of cascade alone, not of {method}")
    options = {"frame": frame, "variant": variant}
    given = {name: value for name, value in options.items() if value is not None}
    line, rng = PublicChannel() if channel is None else channel, as_rng(rng)
    done = correct(alice, bob, qber, channel=line, rng=rng, engine=engine, **given)
    hers = as_bits(alice, "alice")
    same = verify(hers, done.bob, done.frame, channel=line, rng=rng)
    return ReconciledKeys(hers, done.bob, done.disclosed, done.rounds, bool(same.all()), done.frame)
