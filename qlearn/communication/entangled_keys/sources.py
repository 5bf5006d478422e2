"""Sources of pairs: mixtures of quantum states, and local hidden variables that imitate them."""

from dataclasses import dataclass, field
from math import sqrt
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_probabilities, as_probability, as_real, norm_tolerance
from qlearn._types import Bits
from qlearn.communication.entangled_keys.settings import ACIN, Settings
from qlearn.communication.randomness import random_bits
from qlearn.qubits import bell_state
from qlearn.qubits.density_matrices import as_pure_or_mixed
from qlearn.qubits.entanglement import behaviour, direction


@dataclass(frozen=True, eq=False)
class PairSource:
    r"""A source that sends one of several two-qubit states, chosen by lot in every round.

    Alice measures along angle :math:`\alpha`, Bob along :math:`\beta`; with
    :math:`A_\alpha = \cos\alpha\,Z + \sin\alpha\,X`,

    .. math:: P(a, b \mid \alpha, \beta)
              = \operatorname{tr}\Bigl(\rho\;\tfrac{1 + (-1)^a A_\alpha}{2}
                \otimes \tfrac{1 + (-1)^b A_\beta}{2}\Bigr)

    Who owns the source knows which state flew. Nothing in the protocols trusts it, so its owner may be Eve.

    Parameters
    ----------
    states : array_like, shape (4,), (4, 4), (k, 4) or (k, 4, 4)
        One state of two qubits, or k of them; state vectors or density matrices, Alice's qubit first.
    weights : array_like of float, shape (k,), optional
        How often each is sent; they sum to 1. None: equally often.

    Examples
    --------
    >>> perfect = PairSource(bell_state("phi+"))
    >>> perfect.probabilities([0.0], [0.0])[0, 0, 0]
    array([[0.5, 0. ],
           [0. , 0.5]])
    """

    states: ArrayLike
    weights: ArrayLike | None = field(default=None)

    def __post_init__(self) -> None:
        array, mixed = as_pure_or_mixed(self.states, "states")
        if array.shape[-1] != 4 or array.ndim - mixed not in (1, 2) or not array.size:
            raise ValueError(
                "states must be pairs of qubits, of shape (4,), (4, 4), (k, 4) or (k, 4, 4), "
                f"not of shape {array.shape}"
            )
        matrices = array if mixed else array[..., :, None] * array[..., None, :].conj()
        matrices = matrices.reshape(-1, 4, 4)
        object.__setattr__(self, "states", matrices)
        object.__setattr__(self, "weights", as_chances(self.weights, len(matrices), "weights", "a state"))

    @property
    def average(self) -> NDArray[np.complex128]:
        """The density matrix of a pair for whoever has not read Eve's notes, shape (4, 4)."""
        return np.tensordot(np.asarray(self.weights), np.asarray(self.states), 1)

    def probabilities(self, alice: ArrayLike, bob: ArrayLike) -> NDArray[np.float64]:
        """Return the chances of all outcomes.

        Parameters
        ----------
        alice, bob : array_like of float, shapes (m,) and (n,)
            Angles in radians.

        Returns
        -------
        ndarray of float, shape (k, m, n, 2, 2)
            For each state, setting of Alice, setting of Bob, bit of Alice, bit of Bob.
        """
        return behaviour(self.states, direction(alice), direction(bob))


def as_chances(p: ArrayLike | None, count: int, name: str, each: str) -> NDArray[np.float64]:
    """Return `count` probabilities that sum to 1; None stands for all the same."""
    if p is None:
        return np.full(count, 1 / count)
    chances = as_probabilities(p, name)
    if chances.shape != (count,) or abs(chances.sum() - 1) > norm_tolerance(np.asarray(p).dtype):
        raise ValueError(f"{name} must be {count} probabilities that sum to 1, one {each}, not {p}")
    return chances / chances.sum()


def intercepted_pairs(angle: float, fraction: float = 1.0) -> PairSource:
    r"""Return perfect pairs of which Eve measures Bob's half on the way, and sends on what she found.

    .. math:: |\Phi^+\rangle \;\to\; |\theta\,\theta\rangle \ \text{or}\
              |\theta^\perp\theta^\perp\rangle, \text{ each with } \tfrac12

    Her measurement ends the entanglement: what is left are two qubits in one and the same state, and her note of
    which. Whatever :math:`\theta` is, the pairs she touched have S = :math:`\sqrt2` at the angles of
    :data:`~qlearn.communication.entangled_keys.EKERT`, half of what the others have.

    Parameters
    ----------
    angle : float
        :math:`\theta` in radians: 0 for Z, :math:`\pi/2` for X, :math:`\pi/4` for the Breidbart basis.
    fraction : float
        Share of the pairs that she touches.

    Returns
    -------
    PairSource
        Of three states. Her note is 0 where she did not touch the pair, else 1 plus the bit she read.

    Examples
    --------
    >>> from qlearn.qubits.entanglement import chsh
    >>> float(chsh(intercepted_pairs(0.3).average).round(6))
    2.0

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.
    """
    half, fraction = as_real(angle, "angle") / 2, as_probability(fraction, "fraction")
    up, down = np.array([np.cos(half), np.sin(half)]), np.array([-np.sin(half), np.cos(half)])
    states = [bell_state("phi+"), np.kron(up, up), np.kron(down, down)]
    return PairSource(states, [1 - fraction, fraction / 2, fraction / 2])


NO_CLICK = 2
"""The answer of a device that does not click."""


@runtime_checkable
class LocalSource(Protocol):
    """Anything that first decides what is hidden in each pair, and then answers each side by itself.

    `alice` and `bob` are given what is hidden, the number of *their own* setting and its angle; never what the
    other side chose. They return 0, 1 or :data:`NO_CLICK` for each round. That is all that locality means.

    Examples
    --------
    A shared direction, and a Bob who does not click where it lies nearly at right angles to his: left out, such rounds
    make it violate CHSH.

    >>> from qlearn.communication.entangled_keys import EKERT, chsh_from, distribute
    >>> class Choosy(SharedDirection):
    ...     def bob(self, hidden, choice, angle):
    ...         unsure = np.abs(np.cos(angle - hidden)) < 0.3
    ...         return np.where(unsure, NO_CLICK, super().bob(hidden, choice, angle)).astype(np.uint8)
    >>> seen = distribute(200_000, source=Choosy(), settings=EKERT, rng=1)
    >>> [round(chsh_from(seen, no_click=how).value, 1) for how in ("count", "discard")]
    [2.0, 2.5]
    """

    def emit(self, n: int, rng: np.random.Generator) -> Any:
        """Return what is hidden in n pairs; the maker of the source knows it."""
        ...

    def alice(self, hidden: Any, choice: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Alice's answers."""
        ...

    def bob(self, hidden: Any, choice: Bits, angle: NDArray[np.float64]) -> Bits:
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
    """

    def emit(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return a direction for each pair."""
        return rng.uniform(0, 2 * np.pi, n)

    def alice(self, hidden: NDArray[np.float64], choice: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return the side on which the angle lies."""
        return (np.cos(angle - hidden) < 0).view(np.uint8)

    bob = alice


class _LocalPlan(NamedTuple):
    """What a :class:`DetectionLoopholeSource` hides in each pair; every field has shape (n,)."""

    actor: Bits
    """Who may pretend not to click: 0 Alice, 1 Bob."""
    favourite: Bits
    """The one of the actor's two settings of the test for which the answers are made."""
    cheats: Bits
    """1 where the actor does not click at other settings, 0 where it throws a coin."""
    lost: Bits
    """1 where neither clicks, as if both had lost the particle."""
    coin: Bits
    """The throw, and whether a setting outside of the test does not click."""
    flip: Bits
    """Added to both answers, so that each side sees fair coins."""


@dataclass(frozen=True)
class DetectionLoopholeSource:
    r"""A local source that violates CHSH among the rounds in which both detectors click.

    The answers are made for one *favourite* setting of one side. At its other settings that side would
    have to give a wrong answer half of the time; it pretends to have lost the particle instead. Clicks look
    like independent detectors of efficiency :math:`\eta`, the key at matching angles has no error, every
    bit of it is known to the maker, and among coincidences

    .. math:: S = \frac{4}{\eta} - 2 :

    :math:`2\sqrt2` at :math:`\eta = 2\sqrt2-2 = 82.8\,\%`, and 4, more than any quantum pair, at 2/3. Count
    a detector that does not click as an answer, and S is 2 again.

    Parameters
    ----------
    efficiency : float
        :math:`\eta`, from 2/3 to 1.
    settings : Settings
        The settings it is made for, with a test.

    Examples
    --------
    >>> from qlearn.communication.entangled_keys import chsh_from, distribute
    >>> seen = distribute(200_000, source=DetectionLoopholeSource(0.8), settings=ACIN, rng=1)
    >>> round(chsh_from(seen, no_click="discard").value, 1), chsh_from(seen).value < 2.03
    (3.0, True)

    References
    ----------
    Larsson, Phys. Rev. A 57, 3304 (1998), arXiv:quant-ph/9712025. Pearle, Phys. Rev. D 2, 1418 (1970),
    doi:10.1103/PhysRevD.2.1418.
    """

    efficiency: float = 2 * sqrt(2) - 2
    settings: Settings = ACIN

    def __post_init__(self) -> None:
        as_real(self.efficiency, "efficiency", least=2 / 3, most=1)
        if self.settings.test is None:
            raise ValueError("settings must have a CHSH test for this source to pass, as EKERT and ACIN have")

    def emit(self, n: int, rng: np.random.Generator) -> tuple[Bits, ...]:
        """Return the plan for n pairs."""
        eta = self.efficiency
        u = rng.random(n)  # lost: (1-eta)^2; cheats: 4 eta (1-eta); the rest plays fair
        lost, upto = u < (1 - eta) ** 2, (1 - eta) ** 2 + 4 * eta * (1 - eta)
        fair = [random_bits(n, rng=rng) for _ in range(4)]
        return _LocalPlan(fair[0], fair[1], (u < upto).view(np.uint8), lost.view(np.uint8), fair[2], fair[3])

    def alice(self, hidden: Any, choice: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Alice's answers."""
        return self._answers(hidden, choice, 0)

    def bob(self, hidden: Any, choice: Bits, angle: NDArray[np.float64]) -> Bits:
        """Return Bob's answers."""
        return self._answers(hidden, choice, 1)

    def _answers(self, hidden: _LocalPlan, choice: Bits, side: int) -> Bits:
        roles = _roles(self.settings, side)
        if choice.max() >= roles.size:
            raise ValueError(
                f"the source was made for {roles.size} settings a side and is asked at setting {choice.max()}: "
                "give it the settings of the session, DetectionLoopholeSource(efficiency, settings)"
            )
        at = roles[choice]  # 0, 1: setting of the test; 2, 3: the other side's it must match
        signs = np.asarray(self.settings.signs)
        wrong = ((signs if side == 0 else signs.T) < 0).astype(np.uint8)  # [my setting, the actor's]
        acts, tests = hidden.actor == side, at < 2
        # As the actor: 0 at the favourite; elsewhere no click or a coin. A setting for the key repeats the other side.
        partner = wrong[hidden.favourite, at & 1]
        no_click = np.where(tests, at != hidden.favourite, hidden.coin) & hidden.cheats
        mine = np.where(tests, np.where(at == hidden.favourite, 0, hidden.coin), partner)
        # Else: what the favourite needs, always; a setting for the key repeats what the actor would say there.
        theirs = np.where(
            tests, wrong[at & 1, hidden.favourite], np.where((at & 1) == hidden.favourite, 0, hidden.coin)
        )
        answers = np.where(acts, mine, theirs).astype(np.uint8) ^ hidden.flip
        answers[(acts & (no_click == 1)) | (hidden.lost == 1)] = NO_CLICK
        return answers


def _roles(settings: Settings, side: int) -> NDArray[np.intp]:
    """Return for each setting of a side its place in the test (0, 1), or 2 plus that of its match there."""
    assert settings.test is not None
    own, other = settings.test[side], settings.test[1 - side]
    partner = {pair[side]: pair[1 - side] for pair in settings.matching}
    angles = (settings.alice, settings.bob)[side]
    roles = np.zeros(len(angles), dtype=np.intp)
    for setting in range(len(angles)):
        if setting in own:
            roles[setting] = own.index(setting)
        elif partner.get(setting) in other:
            roles[setting] = 2 + other.index(partner[setting])
    return roles
