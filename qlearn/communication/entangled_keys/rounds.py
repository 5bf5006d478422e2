"""Rounds: n pairs measured by Alice and Bob, with their settings, outcomes and clicks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_probability, as_rng, same_columns
from qlearn._types import Bits
from qlearn.communication.bb84.transmission import Origin, as_origin
from qlearn.communication.entangled_keys.settings import BBM92, Settings
from qlearn.communication.entangled_keys.sources import NO_CLICK, LocalSource, PairSource, as_chances
from qlearn.communication.randomness import random_bits
from qlearn.qubits import bell_state
from qlearn.qubits.entanglement.bell_inequality import draw_answers
from qlearn.qubits.measurement import draw_outcomes


@dataclass(frozen=True, eq=False, repr=False)
class Rounds:
    """Settings, outcomes and clicks of n measured pairs: what Alice and Bob have before they speak.

    Parameters
    ----------
    settings : Settings
        The angles of both sides.
    alice_choices, bob_choices : ndarray of uint8, shape (n,)
        Number of the setting that each side chose, in ``settings.alice`` and ``settings.bob``.
    alice_bits, bob_bits : ndarray of uint8, shape (n,)
        Outcomes; 0, and without meaning, where the detector did not click.
    alice_clicks, bob_clicks : ndarray of bool, shape (n,)
        Where the detector clicked.
    eve : object
        What the owner of the source knows: the number of the state sent, or what was hidden in the pair. For
        lessons about her; no later step reads it.
    origin : Origin
        Whether a session has used these rounds up: all keys sifted from them are one set of bits. None given: fresh.
    """

    settings: Settings
    alice_choices: Bits
    bob_choices: Bits
    alice_bits: Bits
    bob_bits: Bits
    alice_clicks: NDArray[np.bool_]
    bob_clicks: NDArray[np.bool_]
    eve: Any = field(default=None, repr=False)
    origin: Origin = field(default_factory=Origin, repr=False)

    def __post_init__(self) -> None:
        as_origin(self.origin)
        names = [f"{side}_{part}" for side in ("alice", "bob") for part in ("choices", "bits", "clicks")]
        same_columns(**{name: getattr(self, name) for name in names})

    def __repr__(self) -> str:
        return f"Rounds({len(self)} pairs, {np.count_nonzero(self.coincidences)} coincidences)"

    def __len__(self) -> int:
        return self.alice_choices.size

    @property
    def coincidences(self) -> NDArray[np.bool_]:
        """Mask of the rounds in which both detectors clicked."""
        return self.alice_clicks & self.bob_clicks

    @property
    def cells(self) -> NDArray[np.unsignedinteger]:
        """The pair of settings of each round as one number, ``alice * len(settings.bob) + bob``."""
        width = len(self.settings.bob)
        kind = np.min_scalar_type(len(self.settings.alice) * width)  # 20 settings a side overflow uint8
        return (self.alice_choices.astype(kind) * kind.type(width) + self.bob_choices).astype(
            kind, copy=False
        )


def distribute(
    n_pairs: int,
    *,
    source: PairSource | LocalSource | ArrayLike | None = None,
    settings: Settings = BBM92,
    p_alice: Sequence[float] | None = None,
    p_bob: Sequence[float] | None = None,
    efficiency: float = 1.0,
    rng: Any = None,
) -> Rounds:
    r"""Send pairs from a source to Alice and Bob, who measure each along an angle chosen by lot.

    The source decides first what it sends; then the settings are chosen; then nature answers. Both outcomes
    of a quantum pair are drawn together from the Born rule. A local source is asked on each side separately.

    Parameters
    ----------
    n_pairs : int
        At least 1. Some 20 bytes of memory a pair.
    source : PairSource, LocalSource or array_like, optional
        Where the pairs come from; an array is the state of every pair, as in
        :class:`~qlearn.communication.entangled_keys.PairSource`. None: perfect :math:`\Phi^+` pairs.
    settings : Settings
        The angles of both sides.
    p_alice, p_bob : sequence of float, optional
        Chance of each setting. None: all the same.
    efficiency : float
        Chance that a particle arrives and is detected, independently on each side.
    rng : None, int or numpy.random.Generator
        Everybody's coins; a given Generator is used, not copied.

    Returns
    -------
    Rounds

    Examples
    --------
    >>> seen = distribute(1000, rng=1)
    >>> same = seen.alice_choices == seen.bob_choices
    >>> (seen.alice_bits[same] == seen.bob_bits[same]).all()
    np.True_

    References
    ----------
    Ekert, Phys. Rev. Lett. 67, 661 (1991), doi:10.1103/PhysRevLett.67.661.
    """
    n, rng = as_count(n_pairs, "n_pairs"), as_rng(rng)
    if not isinstance(settings, Settings):
        raise TypeError(f"settings must be Settings, such as BBM92, EKERT or ACIN, not {settings!r}")
    chances = [
        as_chances(p, len(angles), name, "a setting")
        for p, angles, name in ((p_alice, settings.alice, "p_alice"), (p_bob, settings.bob, "p_bob"))
    ]
    efficiency = as_probability(efficiency, "efficiency")
    origin = _as_source(source)

    if isinstance(origin, PairSource):
        hidden = _chosen(np.asarray(origin.weights), n, rng)
        choices = [_chosen(p, n, rng) for p in chances]
        table = origin.probabilities(settings.alice, settings.bob)
        answers = _born(table, hidden, choices[0], choices[1], rng)
    else:
        hidden = origin.emit(n, rng)
        choices = [_chosen(p, n, rng) for p in chances]
        angles = [
            np.take(each, chosen)
            for each, chosen in zip((settings.alice, settings.bob), choices, strict=True)
        ]
        answers = (
            _checked(origin.alice(hidden, choices[0], angles[0]), n, "alice"),
            _checked(origin.bob(hidden, choices[1], angles[1]), n, "bob"),
        )
    clicks = [(answer != NO_CLICK) & random_bits(n, efficiency, rng).view(bool) for answer in answers]
    bits = [
        np.where(click, answer, 0).astype(np.uint8) for answer, click in zip(answers, clicks, strict=True)
    ]
    return Rounds(settings, choices[0], choices[1], bits[0], bits[1], clicks[0], clicks[1], hidden)


def _as_source(source: Any) -> PairSource | LocalSource:
    if source is None:
        return PairSource(bell_state("phi+"))
    if isinstance(source, PairSource) or (isinstance(source, LocalSource) and not isinstance(source, type)):
        return source
    if isinstance(source, type | str):
        raise TypeError(
            "source must be a state of two qubits, a PairSource, or an object with emit, alice and bob such as "
            f"SharedDirection(), not {source!r}"
        )
    return PairSource(source)


def _chosen(p: NDArray[np.float64], n: int, rng: np.random.Generator) -> Bits:
    """Draw n numbers with the chances p."""
    if p.size == 1:
        return np.zeros(n, dtype=np.uint8)
    if p.size == 2:
        return random_bits(n, float(p[1]), rng)
    if np.ptp(p) < 1e-15 and p.size < 256:
        return rng.integers(0, p.size, n, dtype=np.uint8)
    return draw_outcomes(p[None], n, rng)[0].astype(np.min_scalar_type(p.size))


def _born(
    table: NDArray[np.float64], sent: Bits, alice: Bits, bob: Bits, rng: np.random.Generator
) -> tuple[Bits, Bits]:
    """Draw both outcomes of each round together from a table of PairSource.probabilities."""
    _, m, n = table.shape[:3]
    return draw_answers(table, (sent.astype(np.intp) * m + alice) * n + bob, rng)


def _checked(answers: Any, n: int, side: str) -> Bits:
    array = np.asarray(answers)
    if array.shape != (n,) or not np.isin(array, (0, 1, NO_CLICK)).all():
        raise ValueError(
            f"source must answer 0, 1 or {NO_CLICK} (no click) for each of the {n} rounds of {side}"
        )
    return array.astype(np.uint8)
