"""Stationary noise: how far from its optimum a variable stays that is trained over a line with wrong bits."""

from typing import NamedTuple

from qlearn._checks import as_choice, as_count, as_real
from qlearn.networks.secure_aggregation import FixedPoint
from qlearn.networks.superdense_link.bit_channels import BitChannel
from qlearn.networks.superdense_link.remote_training import Sends, as_smoothing

_ROUNDING = 1 / 6
"""Variance of rounding by chance, in squared steps, if the part below a step is drawn evenly: the mean of f (1 - f)."""


class NoiseFloor(NamedTuple):
    """Result of :func:`noise_floor`."""

    bias: float
    """Mean of the variable less what a noiseless line would give."""
    variance: float
    """Its variance over runs."""

    @property
    def mse(self) -> float:
        """Mean squared error: variance and squared bias."""
        return self.variance + self.bias**2


def noise_floor(
    channel: BitChannel,
    numbers: FixedPoint,
    *,
    rate: float,
    curvature: float = 1.0,
    sends: Sends = "gradients",
    feedback: bool = True,
    smoothing: float = 1.0,
    rounds: int | None = None,
    start: float = 0.0,
    optimum: float = 0.0,
) -> NoiseFloor:
    r"""Return the mean and the variance of the error that wrong bits leave in a variable of :func:`train_remote`.

    For the loss :math:`\tfrac\lambda2(\theta-\theta^*)^2`, words of w bits with the step :math:`\delta`, each bit wrong with
    the chance e (z as x), no copies, layout "across":

    .. math::

        \text{gradients, feedback:}\quad & b = \frac{e\,\delta}{(1-2e)\lambda}, \quad
            V = \frac{\eta^2\sigma^2}{1-a^2}, \quad a = 1-(1-2e)\,\eta\lambda \\
        \text{gradients, no feedback:}\quad & b_T = e\bigl(2(\theta_0-\theta^*)(1-(1-\eta\lambda)^T) + T\eta\delta\bigr), \quad
            V_T = T\eta^2\sigma^2 \\
        \text{variables:}\quad & b = -e\,(2\theta^*+\delta), \quad V = \tfrac{\beta}{2-\beta}\,\sigma^2

    with :math:`\sigma^2 = \bigl(e(1-e)\tfrac{4^w-1}3 + \tfrac{(1-2e)^2}6\bigr)\delta^2`, its last term rounding. With
    feedback the loop forgets errors, and is still moved by new ones; without, it adds them up. What is cut because it does
    not fit into a word is not in it.

    Parameters
    ----------
    channel, numbers, rate
        As in :func:`train_remote`. The channel's two places must have the same error.
    curvature : float
        :math:`\lambda`, with :math:`\eta\lambda` below 2.
    sends, feedback, smoothing
        As in :func:`train_remote`.
    rounds : int, optional
        T, for gradients without feedback, where nothing becomes stationary.
    start, optimum : float
        :math:`\theta_0` and :math:`\theta^*`.

    Returns
    -------
    NoiseFloor

    Examples
    --------
    >>> from qlearn.networks.superdense_link import SuperdenseChannel
    >>> line, numbers = SuperdenseChannel(pair=0.97), FixedPoint(fraction_bits=6, word_bits=8)
    >>> [round(noise_floor(line, numbers, rate=rate).variance, 5) for rate in (0.4, 0.2, 0.1)]
    [0.02696, 0.01205, 0.00572]
    """
    as_choice(sends, ("gradients", "variables"), "sends")
    eta, curved = as_real(rate, "rate", above=0), as_real(curvature, "curvature", above=0)
    beta = as_smoothing(smoothing, sends)
    law = channel.law
    e = float(law[2] + law[3])
    if abs(e - float(law[1] + law[3])) > 1e-12:
        raise ValueError(
            f"channel must have one error for both of its places, not {e:g} for z and {law[1] + law[3]:g} for x: a word on one "
            "has another floor than a word on the other"
        )
    if not e < 0.5:
        raise ValueError(f"channel must have an error below 1/2, not {e:g}: its words say nothing")
    if not eta * curved < 2:
        raise ValueError(
            f"rate times curvature must be below 2, not {eta * curved:g}: without noise too such steps diverge"
        )

    step = 2.0**-numbers.fraction_bits
    square = step**2 * (e * (1 - e) * (4.0**numbers.word_bits - 1) / 3 + (1 - 2 * e) ** 2 * _ROUNDING)
    if sends == "variables":
        return NoiseFloor(-e * (2 * as_real(optimum, "optimum") + step), beta / (2 - beta) * square)
    if feedback:
        kept = 1 - (1 - 2 * e) * eta * curved
        return NoiseFloor(e * step / ((1 - 2 * e) * curved), eta**2 * square / (1 - kept**2))
    if rounds is None:
        raise ValueError(
            "rounds must be given for gradients without feedback: their errors add up, round by round"
        )
    t = as_count(rounds, "rounds")
    way = (as_real(start, "start") - as_real(optimum, "optimum")) * (1 - (1 - eta * curved) ** t)
    return NoiseFloor(e * (2 * way + t * eta * step), t * eta**2 * square)
