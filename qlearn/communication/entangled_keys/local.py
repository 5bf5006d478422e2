"""Local sources: answers agreed on before the question, and two that look as if they were quantum."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_real
from qlearn.communication.coins import coins
from qlearn.communication.entangled_keys.settings import ACIN, Settings

Bits = NDArray[np.uint8]

SILENT = 2
"""The answer of a device that does not click."""


@runtime_checkable
class LocalSource(Protocol):
    """Anything that first decides what is hidden in each pair, and then answers each side by itself.

    `alice` and `bob` are told what is hidden, the position of *their own* dial and its angle; never what the
    other side chose. They return 0, 1 or :data:`SILENT` for each round. That is all that locality means.

    Taught in :doc:`/communication/entangled_keys`.
    """

    def emit(self, n: int, rng: np.random.Generator) -> Any:
        """Return what is hidden in n pairs; the maker of the source knows it."""
        ...

    def alice(self, hidden: Any, dial: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Alice's answers."""
        ...

    def bob(self, hidden: Any, dial: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Bob's answers."""
        ...


@dataclass(frozen=True)
class SharedDirection:
    r"""Bell's own model: both particles carry one direction, and answer on which side of it they are asked.

    .. math:: \text{bit} = [\cos(\theta - \lambda) < 0], \qquad
              E(\alpha,\beta) = 1 - \frac{2\,|\alpha-\beta|}{\pi} \quad (|\alpha-\beta| \le \pi)

    Asked alike they always agree, and at right angles never more than by chance, as a :math:`\Phi^+` pair.
    In between the correlation is a straight line instead of a cosine, and S is 2, the most that
    answers agreed on beforehand can reach.

    Examples
    --------
    >>> from qlearn.communication.entangled_keys import EKERT, chsh_from, distribute
    >>> chsh_from(distribute(200_000, source=SharedDirection(), settings=EKERT, rng=1)).value < 2.03
    True

    References
    ----------
    Bell, Physics 1, 195 (1964), doi:10.1103/PhysicsPhysiqueFizika.1.195, section 3.

    Taught in :doc:`/communication/entangled_keys`.
    """

    def emit(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return a direction for each pair."""
        return rng.uniform(0, 2 * np.pi, n)

    def alice(self, hidden: NDArray[np.float64], dial: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return the side on which the angle lies."""
        return (np.cos(angle - hidden) < 0).view(np.uint8)

    bob = alice


class Hidden(NamedTuple):
    """What an :class:`Impostor` hides in each pair; every field has shape (n,)."""

    actor: Bits
    """Who may fall silent: 0 Alice, 1 Bob."""
    favourite: Bits
    """The one of the actor's two test positions for which the answers are made."""
    cheats: Bits
    """1 where the actor falls silent at other positions, 0 where it throws a coin."""
    lost: Bits
    """1 where both are silent, as if both had lost the particle."""
    coin: Bits
    """The throw, and whether a position outside of the test falls silent."""
    flip: Bits
    """Added to both answers, so that each side sees fair coins."""


@dataclass(frozen=True)
class Impostor:
    r"""A local source that violates CHSH among the rounds in which both detectors click.

    The answers are made for one *favourite* position of one side. At its other positions that side would
    have to give a wrong answer half of the time; it pretends to have lost the particle instead. Clicks look
    like independent detectors of efficiency :math:`\eta`, the key at matching angles has no error, every
    bit of it is known to the maker, and among coincidences

    .. math:: S = \frac{4}{\eta} - 2 :

    :math:`2\sqrt2` at :math:`\eta = 2\sqrt2-2 = 82.8\,\%`, and 4, more than any quantum pair, at 2/3. Count
    a silent detector as an answer, and S is 2 again.

    Parameters
    ----------
    efficiency : float
        :math:`\eta`, from 2/3 to 1.
    settings : Settings
        The dials it is made for, with a test.

    Raises
    ------
    ValueError, TypeError
        If the efficiency is out of range or the settings have no test.

    Examples
    --------
    >>> from qlearn.communication.entangled_keys import chsh_from, distribute
    >>> seen = distribute(200_000, source=Impostor(0.8), settings=ACIN, rng=1)
    >>> round(chsh_from(seen, silent="discard").value, 1), chsh_from(seen).value < 2.03
    (3.0, True)

    References
    ----------
    Larsson, Phys. Rev. A 57, 3304 (1998), arXiv:quant-ph/9712025. Pearle, Phys. Rev. D 2, 1418 (1970),
    doi:10.1103/PhysRevD.2.1418.

    Taught in :doc:`/communication/entangled_keys`.
    """

    efficiency: float = 2 * sqrt(2) - 2
    settings: Settings = ACIN

    def __post_init__(self) -> None:
        as_real(self.efficiency, "efficiency", least=2 / 3, most=1)
        if self.settings.test is None:
            raise ValueError(
                "settings must have a CHSH test for the impostor to pass, as EKERT and ACIN have"
            )

    def emit(self, n: int, rng: np.random.Generator) -> Hidden:
        """Return the plan for n pairs."""
        eta = self.efficiency
        u = rng.random(n)  # lost: (1-eta)^2; cheats: 4 eta (1-eta); the rest plays fair
        lost, upto = u < (1 - eta) ** 2, (1 - eta) ** 2 + 4 * eta * (1 - eta)
        fair = [coins(n, rng=rng) for _ in range(4)]
        return Hidden(fair[0], fair[1], (u < upto).view(np.uint8), lost.view(np.uint8), fair[2], fair[3])

    def alice(self, hidden: Hidden, dial: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Alice's answers."""
        return self._answers(hidden, dial, 0)

    def bob(self, hidden: Hidden, dial: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Bob's answers."""
        return self._answers(hidden, dial, 1)

    def _answers(self, hidden: Hidden, dial: Bits, side: int) -> Bits:
        places = _places(self.settings, side)
        if dial.max() >= places.size:
            raise ValueError(
                f"the impostor was made for dials of {places.size} positions and is asked at position {dial.max()}: "
                "give it the settings of the session, Impostor(efficiency, settings)"
            )
        at = places[dial]  # 0, 1: test position; 2, 3: the other side's it must match
        signs = np.asarray(self.settings.signs)
        wrong = ((signs if side == 0 else signs.T) < 0).astype(np.uint8)  # [my position, the actor's]
        acts, tests = hidden.actor == side, at < 2
        # As the actor: 0 at the favourite; elsewhere silence or a coin. A key-only dial repeats the other side.
        partner = wrong[hidden.favourite, at & 1]
        silent = np.where(tests, at != hidden.favourite, hidden.coin) & hidden.cheats
        mine = np.where(tests, np.where(at == hidden.favourite, 0, hidden.coin), partner)
        # Else: what the favourite needs, always; a key-only dial repeats what the actor would say there.
        theirs = np.where(
            tests, wrong[at & 1, hidden.favourite], np.where((at & 1) == hidden.favourite, 0, hidden.coin)
        )
        answers = np.where(acts, mine, theirs).astype(np.uint8) ^ hidden.flip
        answers[(acts & (silent == 1)) | (hidden.lost == 1)] = SILENT
        return answers


def _places(settings: Settings, side: int) -> NDArray[np.intp]:
    """Return for each position of a dial: its place in the test (0, 1), or 2 plus that of its match there."""
    assert settings.test is not None
    own, other = settings.test[side], settings.test[1 - side]
    partner = {pair[side]: pair[1 - side] for pair in settings.matching}
    angles = (settings.alice, settings.bob)[side]
    places = np.zeros(len(angles), dtype=np.intp)
    for position in range(len(angles)):
        if position in own:
            places[position] = own.index(position)
        elif partner.get(position) in other:
            places[position] = 2 + other.index(partner[position])
    return places
