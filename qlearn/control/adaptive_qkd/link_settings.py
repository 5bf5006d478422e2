"""Settings of a link: what one may choose for the next block, the counts it gives and the key that they prove."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import map_coordinates

from qlearn._checks import as_choice, as_count, as_failure, as_probability, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.communication.photons import (
    LINKS,
    Counts,
    Link,
    Source,
    error_gain,
    gain,
    optimal_source,
)
from qlearn.communication.photons.decoy_states import check_counts_of_source
from qlearn.communication.photons.finite_keys import correction, decoy_bounds, finite_key, smoothing

MOST_LOSS_DB = 60.0
"""What a block without clicks is taken for: beyond every link of this chapter."""


@dataclass(frozen=True)
class Setting:
    """What Alice and Bob agree on before a block: the source, which says intensities, shares, bias and protocol, and the size.

    Parameters
    ----------
    source : Source
        Three intensities, or two, which is another protocol.
    slots : int
        Slots of the link that make up one block; one finite key is made of all of them.

    Examples
    --------
    >>> Setting(Source(), slots=4).slots
    4
    """

    source: Source
    slots: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.source, Source):
            raise TypeError(f"source must be a Source, not {self.source!r}")
        as_count(self.slots, "slots")


def settings_for(
    losses_db: Sequence[float],
    misalignments: Sequence[float],
    *,
    pulses: float,
    link: Link | None = None,
    slots: int = 1,
) -> tuple[Setting, ...]:
    """Return the best setting for each state of the link that is planned for, all pairs of loss and misalignment.

    Each is :func:`~qlearn.communication.photons.optimal_source` of that state and that block. Where no key can be made
    it still is the setting that misses one by least.

    Parameters
    ----------
    losses_db, misalignments : sequence of float
        What is planned for; the order of the settings is that of two nested loops.
    pulses : float
        Pulses in a slot.
    link : Link, optional
        The receiver; None is ``LINKS["lim2014"]``.
    slots : int
        Slots of a block.

    Returns
    -------
    tuple of Setting

    Examples
    --------
    >>> near, far = settings_for([8, 14], [0.01], pulses=1e9)
    >>> near.source.p_x < far.source.p_x  # fewer clicks: a larger share of them must be tested
    True
    """
    receiver = link or LINKS["lim2014"]
    size = as_real(pulses, "pulses", least=1) * as_count(slots, "slots")
    found = []
    for loss in losses_db:
        for wrong in misalignments:
            source = optimal_source(
                link=replace(receiver, misalignment=as_probability(wrong, "misalignments")),
                transmittance=share_of(as_real(loss, "losses_db", least=0)),
                n_pulses=size,
            )
            found.append(Setting(source, slots))
    return tuple(found)


def sample_counts(
    pulses: float, *, source: Source, link: Link, transmittance: float, rng: Any = None
) -> Counts:
    r"""Draw the counts of a block on an honest line, exactly as many pulses would give them.

    .. math:: (n_{k,b} - m_{k,b},\; m_{k,b},\; \text{rest}) \sim \operatorname{Multinomial}\bigl(N;\;
              p_k p_b^2 (Q_k - E_k Q_k),\; p_k p_b^2 E_k Q_k,\; \dots\bigr)

    No pulse is simulated, so a block of :math:`10^9` costs as much as one of ten.

    Parameters
    ----------
    pulses : float
        A whole number N, up to :math:`10^{18}`.
    source, link, transmittance
        As for :func:`~qlearn.communication.photons.expected_counts`, whose values are the means.
    rng : optional
        Anything :func:`numpy.random.default_rng` takes.

    Returns
    -------
    Counts
        Without photons and without what Eve knows; `clicked` holds the sifted clicks alone.

    Examples
    --------
    >>> counts = sample_counts(1e9, source=Source(), link=LINKS["gys"], transmittance=0.1, rng=1)
    >>> counts.sifted[0].round(-4)  # 449,800 are expected in each basis
    array([450000., 450000.])
    """
    total = as_whole(pulses, least=0, most=1e18)
    share = as_probability(transmittance, "transmittance")
    sifted, errors = drawn_tables(int(total), source, link, share, link.misalignment, as_rng(rng))
    sent = total * np.array(source.probabilities)
    return Counts(
        sent=np.maximum(sent, sifted.sum(axis=1)), clicked=sifted.sum(axis=1), sifted=sifted, errors=errors
    )


def block_key(
    counts: Counts,
    *,
    source: Source,
    security: float = 1e-10,
    correctness: float = 1e-15,
    efficiency: float = 1.16,
    method: str = "smooth",
) -> float:
    """Return the secret bits that the counts of one block prove, at least 0.

    The formula is that of :func:`~qlearn.communication.photons.finite_key`. With "smooth" the phase error has no steps of one
    photon, and photons are not rounded: that is many times as fast, and mostly says *more* than is proved, by up to a hundred
    bits of a key of :math:`10^9` pulses. It is for choosing and for learning, and no length of a key. "exact" is that
    function: for keys.

    Parameters
    ----------
    counts : Counts
        Of the block.
    source : Source
        As it was set.
    security, correctness, efficiency : float
        As for ``finite_key``. The failure is that of this block; those of several blocks add up.
    method : {"smooth", "exact"}

    Returns
    -------
    float

    Examples
    --------
    >>> from qlearn.communication.photons import expected_counts
    >>> source = Source((0.4, 0.18, 2e-4), (0.17, 0.56, 0.27), p_x=0.25)
    >>> counts = expected_counts(1e9, link=LINKS["lim2014"], transmittance=0.1, source=source)
    >>> smooth, exact = (block_key(counts, source=source, method=method) for method in ("smooth", "exact"))
    >>> abs(smooth - exact) < 1e-3 * exact
    True
    """
    if as_choice(method, ("smooth", "exact"), "method") == "exact":
        found = finite_key(
            counts, source=source, security=security, correctness=correctness, efficiency=efficiency
        )
        return float(found.length)
    check_counts_of_source(counts, source)
    as_failure(security, "security"), as_failure(correctness, "correctness")
    as_real(efficiency, "efficiency", least=1)
    return key_from(counts.sifted, counts.errors, source, security, correctness, efficiency)


def key_from(
    sifted: Array, errors: Array, source: Source, security: float, correctness: float, efficiency: float
) -> float:
    """Return the key of sifted clicks and errors, both of shape (intensities, 2), without looking at them first."""
    n, wrong = float(sifted[:, 0].sum()), float(errors[:, 0].sum())
    if not n or not wrong:  # with no error counted finite_key makes no key either
        return 0.0
    found = decoy_bounds(sifted, errors, source, security, 0, 1, smooth=True)
    paid = correction(n, wrong, efficiency) + smoothing(source, security) + log2(2 / correctness)
    return max(0.0, found.secret - paid)


class LinkEstimate(NamedTuple):
    """What counts say of the link: loss of the channel in dB and misalignment."""

    loss_db: float
    misalignment: float


def estimate_link(counts: Counts, *, source: Source, pulses: float, link: Link) -> LinkEstimate:
    r"""Return loss and misalignment as the counts of a block say them, by inverting gain and error gain.

    .. math:: \hat\eta = -\frac1\mu \ln\frac{1 - Q/(1 + p_\text{ap})}{1 - Y_0}, \qquad
              \hat e = \frac{EQ - e_0 Y_0 - \frac{p_\text{ap}}{2}\frac{Q}{1 + p_\text{ap}}}{1 - e^{-\hat\eta\mu}}

    of the intensity that clicked most. It is for setting the next block: no bound, and Eve can make it say what she likes.

    Parameters
    ----------
    counts : Counts
        Of the block, sifted clicks and errors.
    source : Source
        As it was set.
    pulses : float
        Pulses of the block.
    link : Link
        The receiver.

    Returns
    -------
    LinkEstimate
        60 dB and a misalignment of 1/2 where nothing clicked above the background.

    Examples
    --------
    >>> from qlearn.communication.photons import expected_counts
    >>> line = {"link": LINKS["lim2014"], "source": Source()}
    >>> seen = estimate_link(expected_counts(1e9, transmittance=0.1, **line), pulses=1e9, **line)
    >>> round(seen.loss_db, 6), round(seen.misalignment, 6)
    (10.0, 0.005)
    """
    check_counts_of_source(counts, source)
    return estimate_from(counts.sifted, counts.errors, source, as_real(pulses, "pulses", least=1), link)


def estimate_from(sifted: Array, errors: Array, source: Source, pulses: float, link: Link) -> LinkEstimate:
    """Return what sifted clicks and errors say of the link."""
    clicks = sifted.sum(axis=1)
    best = int(np.argmax(clicks))
    sent = pulses * source.probabilities[best] * ((1 - source.p_x) ** 2 + source.p_x**2)
    real = min(clicks[best] / sent / (1 + link.afterpulse), 1 - 1e-12)
    eta = -np.log((1 - real) / (1 - link.background)) / source.intensities[best]
    if not eta > 0 or link.receiver_efficiency == 0:
        return LinkEstimate(MOST_LOSS_DB, 0.5)
    light = -np.expm1(-eta * source.intensities[best])
    own = link.background_error * link.background + link.afterpulse / 2 * real
    wrong = (errors[best].sum() / sent - own) / light
    loss = -10 * np.log10(eta / link.receiver_efficiency)
    return LinkEstimate(float(np.clip(loss, 0, MOST_LOSS_DB)), float(np.clip(wrong, 0, 0.5)))


class KeyTable:
    """The key per pulse that each setting is expected to make, over all states of the link, by interpolation.

    Computed once on a grid of losses (even in dB) and misalignments (even in their root), and read linearly: a lookup in
    the place of a proof, for planning, never for keys.

    Parameters
    ----------
    settings : sequence of Setting
        Columns of the table.
    pulses : float
        Pulses in a slot.
    link : Link, optional
        The receiver; None is ``LINKS["lim2014"]``.
    most_loss_db, most_misalignment : float
        Edges of the grid; beyond them there is taken to be no key.
    knots : (int, int)
        Points of the grid in loss and misalignment.

    Examples
    --------
    >>> settings = settings_for([8, 14], [0.01], pulses=1e9)
    >>> table = KeyTable(settings, pulses=1e9)
    >>> table.keys([8.0, 14.0], 0.01).argmax(axis=-1)  # each is best where it was planned for
    array([0, 1])
    """

    def __init__(
        self,
        settings: Sequence[Setting],
        *,
        pulses: float,
        link: Link | None = None,
        most_loss_db: float = 24.0,
        most_misalignment: float = 0.12,
        knots: tuple[int, int] = (33, 25),
    ) -> None:
        self.settings = as_settings(settings)
        self.pulses = as_real(pulses, "pulses", least=1)
        self.link = link or LINKS["lim2014"]
        rows, columns = (as_count(n, "knots", least=4) for n in knots)
        self._losses = np.linspace(0, as_real(most_loss_db, "most_loss_db", above=0), rows)
        # Keys change fastest where there are few errors.
        self._roots = np.linspace(
            0, as_real(most_misalignment, "most_misalignment", above=0, most=0.5) ** 0.5, columns
        )
        self._table = np.array(
            [[self._exact(loss, root**2) for root in self._roots] for loss in self._losses]
        )

    @property
    def most(self) -> float:
        """Most secret bits per pulse in the table."""
        return float(self._table.max())

    def _exact(self, loss_db: float, misalignment: float) -> Array:
        """Return the keys of expected counts at one state, shape (settings,)."""
        found = []
        for setting in self.settings:
            sifted, errors = expected_tables(setting.source, self.link, share_of(loss_db), misalignment)
            size = self.pulses * setting.slots
            found.append(key_from(sifted * size, errors * size, setting.source, 1e-10, 1e-15, 1.16) / size)
        return np.array(found)

    def keys(self, loss_db: ArrayLike, misalignment: ArrayLike) -> NDArray[np.float64]:
        """Return secret bits per pulse of each setting, shape (..., settings); both arguments broadcast."""
        loss, wrong = np.broadcast_arrays(
            as_reals(loss_db, "loss_db", least=0), as_reals(misalignment, "misalignment", least=0, most=0.5)
        )
        at = np.stack(
            [
                loss / self._losses[1],
                np.sqrt(wrong) / self._roots[1],
            ]
        ).reshape(2, -1)
        columns = [
            map_coordinates(self._table[..., k], at, order=1, mode="constant", cval=0.0)
            for k in range(len(self.settings))
        ]
        return np.maximum(np.stack(columns, axis=-1), 0.0).reshape(*loss.shape, len(self.settings))


def expected_tables(
    source: Source, link: Link, transmittance: float, misalignment: float
) -> tuple[Array, Array]:
    """Return sifted clicks and errors per pulse, each of shape (intensities, 2)."""
    each = np.outer(source.probabilities, ((1 - source.p_x) ** 2, source.p_x**2))
    turned = replace(link, misalignment=misalignment)
    clicks, wrong = (rule(source.intensities, transmittance, link=turned) for rule in (gain, error_gain))
    return each * clicks[:, None], each * wrong[:, None]


def drawn_tables(
    pulses: int,
    source: Source,
    link: Link,
    transmittance: float,
    misalignment: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Draw sifted clicks and errors of so many pulses, each of shape (intensities, 2)."""
    sifted, errors = expected_tables(source, link, transmittance, misalignment)
    cells = np.stack([sifted - errors, errors]).ravel()
    drawn = rng.multinomial(pulses, [*cells, max(0.0, 1 - cells.sum())])[:-1]
    right, wrong = drawn.reshape(2, *sifted.shape).astype(np.float64)
    return right + wrong, wrong


def as_whole(pulses: float, *, least: float, most: float) -> float:
    """Return a number of pulses, which may be written as 1e9 but not have a fraction."""
    number = as_real(pulses, "pulses", least=least, most=most)
    if number != int(number):
        raise ValueError(f"pulses must be a whole number, such as 1e9, not {pulses!r}")
    return number


def as_settings(settings: Sequence[Setting]) -> tuple[Setting, ...]:
    """Return the settings that may be chosen, or say what is wrong with them."""
    found = tuple(settings)
    if not found or not all(isinstance(one, Setting) for one in found):
        raise TypeError(f"settings must be one Setting or more, not {settings!r}")
    return found


def share_of(loss_db: float) -> float:
    """Return the share of the photons that a loss leaves."""
    return float(10 ** (-loss_db / 10))
