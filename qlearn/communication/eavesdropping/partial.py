"""The careful Eve: any attack, on a share of the pulses."""

from dataclasses import dataclass, fields, replace

import numpy as np

from qlearn._checks import as_probability, as_rng
from qlearn.communication.bb84.eavesdropper import Eavesdropper, Interception
from qlearn.communication.bb84.pulses import Pulses
from qlearn.communication.coins import coins


@dataclass(frozen=True)
class Partial:
    r"""Eve attacks a share of the pulses, chosen at random, and leaves the others alone.

    Her errors and her information both shrink in proportion:

    .. math:: e \to f\,e, \qquad I \to f\,I

    A straight line to the origin. The bounds are curved, so an attack that is best on all pulses is not best
    on some of them: whoever may cause few errors should touch every pulse gently.

    Parameters
    ----------
    attack : Eavesdropper
        What she does where she does something.
    fraction : float
        Share of the pulses, 0 to 1.

    Raises
    ------
    ValueError, TypeError
        If `fraction` is no probability or `attack` cannot intercept.

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> eve = Partial(bb84.InterceptResend(basis="breidbart"), 0.2)
    >>> round(bb84.sift(bb84.exchange(100_000, eavesdropper=eve, rng=1)).qber, 2)
    0.05

    References
    ----------
    Bennett et al., J. Cryptology 5, 3 (1992), doi:10.1007/BF00191318.

    Taught in :doc:`/communication/eavesdropping`.
    """

    attack: Eavesdropper
    fraction: float

    def __post_init__(self) -> None:
        as_probability(self.fraction, "fraction")
        if not isinstance(self.attack, Eavesdropper) or isinstance(self.attack, type):
            raise TypeError(
                "attack must be an object with an intercept(pulses, rng) method, "
                f"such as InterceptResend(), not {self.attack!r}"
            )

    def intercept(self, pulses: Pulses, rng: np.random.Generator) -> tuple[Pulses, Interception]:
        """Attack some of the pulses.

        Parameters
        ----------
        pulses : Pulses
            What Alice sent, n pulses.
        rng : numpy.random.Generator
            Eve's coins and nature's.

        Returns
        -------
        Pulses
            What goes on to Bob.
        Interception
            Her notes, with zeros where she did nothing; ``attacked`` says where she did something.
        """
        n, rng = pulses.bits.size, as_rng(rng)
        attacked = coins(n, self.fraction, rng).view(bool)
        chosen = np.flatnonzero(attacked)
        if not chosen.size:
            nothing = np.zeros(n, dtype=np.uint8)
            return pulses, Interception(attacked, nothing, nothing, attacked=attacked)
        flown, notes = self.attack.intercept(Pulses(pulses.bits[chosen], pulses.bases[chosen]), rng)
        if not isinstance(notes, Interception):
            raise TypeError(
                "attack must note an Interception, so that its pages can be put where they belong, "
                f"not {type(notes).__name__}"
            )
        if notes.attacked is None:
            notes = replace(notes, attacked=np.ones(chosen.size, dtype=bool))
        bits, bases = pulses.bits.copy(), pulses.bases.copy()
        bits[chosen], bases[chosen] = flown.bits, flown.bases
        spread = {}
        for field in fields(notes):
            page = getattr(notes, field.name)
            spread[field.name] = np.zeros(n, dtype=page.dtype)
            spread[field.name][chosen] = page
        return Pulses(bits, bases), replace(notes, **spread)
