"""A photon on a beam splitter: the generator whose device is trusted, and what somebody who knows its noise can guess."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_probabilities, as_probability, as_rng
from qlearn._types import Array, Bits

_TOLERANCE = 1e-9  # of probabilities that shall add up to 1
_ROUNDS, _BATCH = 10**10, 2**22  # that one call simulates, and at once


def conditional_min_entropy(joint: ArrayLike) -> float:
    r"""Return the min-entropy of a value for somebody who knows something that goes with it.

    .. math:: H_\infty(X|E) = -\log_2 \sum_e \max_x p(x, e)

    The sum is the chance that the best guess from e is right. Where E tells nothing this is the min-entropy of X.

    Parameters
    ----------
    joint : array_like of float, shape (values, clues)
        p(x, e), one row a value and one column a clue; adds up to 1.

    Returns
    -------
    float
        Bits, 0 to log2 of the number of values.

    Examples
    --------
    A source sends fair quantum coins, but to a fifth of the rounds Eve sends a 0 or a 1 that she has chosen. The columns are:
    she chose nothing, 0, 1. Half of the bits are ones, and she guesses right in 0.4 + 0.2 of the rounds:

    >>> round(conditional_min_entropy([[0.4, 0.1, 0], [0.4, 0, 0.1]]), 3)
    0.737
    >>> conditional_min_entropy([[0.5], [0.5]])
    1.0

    References
    ----------
    König, Renner and Schaffner, IEEE Trans. Inf. Theory 55, 4337 (2009), arXiv:0807.1338 (its meaning as a guess).
    """
    p = as_probabilities(joint, "joint")
    if p.ndim != 2 or not p.size:
        raise ValueError(
            f"joint must have a row for each value and a column for each clue, not the shape {p.shape}"
        )
    if abs(p.sum() - 1) > _TOLERANCE:
        raise ValueError(
            f"joint must add up to 1, not to {p.sum():g}: divide by the sum to condition on kept rounds"
        )
    return abs(float(np.log2(min(1.0, p.max(axis=0).sum()))))


@dataclass(frozen=True)
class BeamSplitterGenerator:
    r"""One photon a round meets a beam splitter; the detector that clicks alone says the bit.

    With transmittance t, efficiencies :math:`\eta_x` and chances :math:`d_x` of a dark count the photon makes detector 0
    click with :math:`a = (1-t)\,\eta_0` and detector 1 with :math:`b = t\,\eta_1`. A round is kept if one detector clicks:

    .. math:: p(1) \propto (1-d_0)\,\bigl[\,b + d_1(1-a-b)\,\bigr], \qquad
              p(0) \propto (1-d_1)\,\bigl[\,a + d_0(1-a-b)\,\bigr]

    Unequal arms bias the bits. Dark counts that are alike in both detectors do not, but each is an event in a piece of
    electronics, which somebody may know: :attr:`BeamSplitterGenerator.side_information` gives Eve the list of the dark
    counts, and of the photon nothing. To be told whether it was lost would not help her: in a kept round with a dark count the
    bit is that detector's, photon or not, and in one without the photon was seen.

    The rounds are independent, and nobody knows beforehand which detector is going to miss its photon: who did, as after a click
    that made it blind, would guess better. Pulses of several photons are not in the model.

    Parameters
    ----------
    transmittance : float
        t, the chance that a photon goes to detector 1.
    efficiencies : tuple of two float
        :math:`\eta_0, \eta_1`.
    dark_counts : tuple of two float
        :math:`d_0, d_1`, the chance of a click without a photon in a round.

    Examples
    --------
    >>> device = BeamSplitterGenerator(efficiencies=(0.6, 0.5), dark_counts=(1e-3, 1e-3))
    >>> round(device.ones, 4), round(device.min_entropy, 4), round(device.conditional_min_entropy, 4)
    (0.4546, 0.8747, 0.8713)
    >>> round(conditional_min_entropy(device.side_information), 4)
    0.8713
    >>> device.sample(12, rng=2)
    array([1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0], dtype=uint8)

    References
    ----------
    Jennewein et al., Rev. Sci. Instrum. 71, 1675 (2000), arXiv:quant-ph/9912118 (a device). Ma et al., npj Quantum
    Information 2, 16021 (2016), arXiv:1510.08957 (which parts of one are trusted).
    """

    transmittance: float = 0.5
    efficiencies: tuple[float, float] = (1.0, 1.0)
    dark_counts: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "transmittance", as_probability(self.transmittance, "transmittance"))
        for name in ("efficiencies", "dark_counts"):
            given = getattr(self, name)
            if np.shape(given) != (2,):
                raise ValueError(f"{name} must be two numbers, of detectors 0 and 1, not {given!r}")
            object.__setattr__(self, name, tuple(as_probabilities(given, name).tolist()))
        if not self._clicks().sum() > 0:
            raise ValueError("efficiencies and dark_counts must let one detector click alone in some rounds")

    @property
    def kept(self) -> float:
        """The chance that a round gives a bit."""
        return float(self._clicks().sum())

    @property
    def side_information(self) -> Array:
        """p(bit, dark counts) of kept rounds, shape (2, 3): no dark count, one in detector 0, one in detector 1."""
        return self._clicks() / self.kept

    @property
    def ones(self) -> float:
        """The chance of a 1 in a kept round."""
        return float(self.side_information[1].sum())

    @property
    def min_entropy(self) -> float:
        """Of a bit, for somebody who knows the device and none of its events."""
        return conditional_min_entropy(self.side_information.sum(axis=1, keepdims=True))

    @property
    def conditional_min_entropy(self) -> float:
        """Of a bit, for somebody who is told all dark counts."""
        return conditional_min_entropy(self.side_information)

    def sample(self, n: int, rng: Any = None) -> Bits:
        """Run the device until `n` rounds are kept, and return their bits, shape (n,)."""
        n, rng = as_count(n, "n"), as_rng(rng)
        if n > _ROUNDS * self.kept:
            raise ValueError(
                f"n must not take more than {_ROUNDS:.0e} rounds, not {n}, as only {self.kept:.2g} of the rounds are kept"
            )
        found: list[Bits] = []
        missing = n
        while missing > 0:
            rounds = min(int(missing / self.kept * 1.1) + 64, _BATCH)
            ones = rng.random(rounds) < self.transmittance
            photons = rng.random(rounds) < np.asarray(self.efficiencies)[ones.astype(np.intp)]
            zero, one = (self.dark_counts > rng.random((2, rounds)).T).T | (photons & np.array([~ones, ones]))
            found.append(one[zero ^ one].astype(np.uint8))
            missing -= found[-1].size
        return np.concatenate(found)[:n]

    def _clicks(self) -> Array:
        """Return the chance of each bit with each clue, of all rounds."""
        a, b = np.array([1 - self.transmittance, self.transmittance]) * self.efficiencies
        dark_0, dark_1 = self.dark_counts
        none, only_0, only_1 = (1 - dark_0) * (1 - dark_1), dark_0 * (1 - dark_1), (1 - dark_0) * dark_1
        return np.array([[none * a, only_0 * (1 - b), 0], [none * b, 0, only_1 * (1 - a)]])
