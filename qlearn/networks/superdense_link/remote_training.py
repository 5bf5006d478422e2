"""Remote training: data at one site train the variables of an actuator at another, and every step travels as words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_choice, as_count, as_real, as_reals, as_rng
from qlearn._types import Array
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link.bit_channels import BitChannel, Cost
from qlearn.networks.superdense_link.fixed_point_errors import Layout
from qlearn.networks.superdense_link.word_transfer import send_words

Sends = Literal["gradients", "variables"]


@dataclass(frozen=True)
class RemoteRun:
    """Result of :func:`train_remote`."""

    actuator: Array
    """What site B has set, shape (rounds + 1, ..., d), the start included."""
    believed: Array
    """Where site A took its gradients, in the same shape."""
    bit_errors: int
    """Bits that came out wrong."""
    clipped: int
    """Numbers that were too large for a word and were cut to the largest."""
    cost: Cost
    """What one run of all rounds took; the way back is not in it."""


def train_remote(
    gradient: Callable[[Array], ArrayLike],
    start: ArrayLike,
    channel: BitChannel,
    numbers: FixedPoint,
    *,
    rate: float,
    rounds: int,
    sends: Sends = "gradients",
    feedback: bool = True,
    smoothing: float = 1.0,
    layout: Layout = "across",
    repetitions: ArrayLike | None = None,
    rng: Any = None,
) -> RemoteRun:
    r"""Train the variables of an actuator at site B with gradients that only site A, where the data are, can compute.

    .. math::

        \text{gradients:}\quad \theta_B \leftarrow \theta_B - \eta\,\widehat{g}, \qquad
        \text{variables:}\quad \theta_A \leftarrow \theta_A - \eta\, g(\theta_A),\quad
        \theta_B \leftarrow \theta_B + \beta\,(\widehat{\theta_A} - \theta_B)

    A hat is what is read of a word. With feedback A sees what B has set, by another way and without error, and takes
    the gradient there. Without it A goes by what it has sent, and errors stay at B for ever. What both ways leave in the
    variable says :func:`noise_floor`.

    Parameters
    ----------
    gradient : callable
        Of the loss on A's data; takes and returns arrays of the shape of `start`.
    start : array_like of float, shape (..., d)
        What B has set before, and A knows. Leading axes are independent runs.
    channel : BitChannel
        What carries the words.
    numbers : FixedPoint
        Bits of a word and its step. A number that does not fit is cut to the largest that does. Rounding is by chance,
        so that small numbers are not lost in the mean.
    rate : float
        :math:`\eta`, above 0.
    rounds : int
        Messages.
    sends : {"gradients", "variables"}
        What the words say.
    feedback : bool
        With gradients only: whether A sees what B has set. Variables that A computes need none.
    smoothing : float
        With variables only: :math:`\beta`, above 0 and at most 1.
    layout, repetitions
        As in :func:`send_words`.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.

    Returns
    -------
    RemoteRun

    Examples
    --------
    >>> from qlearn.networks.superdense_link import SuperdenseChannel
    >>> numbers = FixedPoint(fraction_bits=10, word_bits=12)
    >>> run = train_remote(lambda theta: theta - [0.3, -0.2], [0.0, 0.0], SuperdenseChannel(), numbers,
    ...                    rate=0.5, rounds=30, rng=1)
    >>> run.actuator[-1].round(2), run.cost.qubits
    (array([ 0.3, -0.2]), 360)
    """
    as_choice(sends, ("gradients", "variables"), "sends")
    rate = as_real(rate, "rate", above=0)
    beta = as_smoothing(smoothing, sends)
    at_b = as_reals(start, "start").astype(float)
    if not at_b.ndim or not at_b.size:
        raise ValueError(
            f"start must hold at least one variable on its last axis, not the shape {at_b.shape}"
        )
    rounds, generator = as_count(rounds, "rounds"), as_rng(rng)

    most = (2.0 ** (numbers.word_bits - 1) - 1) * 2.0**-numbers.fraction_bits
    at_a, trace, believed = at_b.copy(), [at_b], [at_b]
    wrong = clipped = 0
    costs = []
    for _ in range(rounds):
        g = _gradient(gradient, at_a)
        if sends == "variables":
            at_a = at_a - rate * g
        message = g if sends == "gradients" else at_a
        clipped += int((np.abs(message) > most).sum())
        said = send_words(
            message.clip(-most, most),
            channel,
            numbers,
            layout=layout,
            repetitions=repetitions,
            dither=True,
            rng=generator,
        )
        wrong += said.bit_errors
        costs.append(said.cost)
        if sends == "variables":
            at_b = at_b + beta * (said.values - at_b)
        else:
            at_b = at_b - rate * said.values
            at_a = at_b if feedback else at_a - rate * said.sent
        trace.append(at_b)
        believed.append(at_a)
    runs = at_b.size // at_b.shape[-1]
    bits, qubits, pairs = (sum(column) // runs for column in list(zip(*costs, strict=True))[:3])
    return RemoteRun(
        np.array(trace),
        np.array(believed),
        wrong,
        clipped,
        Cost(bits, qubits, pairs, sum(cost.seconds for cost in costs) / runs),
    )


def as_smoothing(smoothing: float, sends: Sends) -> float:
    """Return `smoothing` as a share above 0, or say that gradients have none."""
    beta = as_real(smoothing, "smoothing", above=0, most=1)
    if sends == "gradients" and beta != 1:
        raise ValueError(
            f'smoothing is of sends="variables"; with gradients the rate smooths, so leave it at 1, not {beta:g}'
        )
    return beta


def _gradient(gradient: Callable[[Array], ArrayLike], at: Array) -> Array:
    g = as_reals(np.asarray(gradient(at.copy())), "gradient(...)")
    if g.shape != at.shape:
        raise ValueError(f"gradient(...) must have the shape of the variables, {at.shape}, not {g.shape}")
    return g
