"""Energy: joules for a secret bit of a link, and joules of a computation."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qlearn._checks import as_count, as_real, as_reals
from qlearn._types import Array


@dataclass(frozen=True)
class LinkPower:
    r"""Electric power of one link for quantum keys, in watts at the plug.

    .. math:: P = P_\text{Alice} + P_\text{Bob} + P_\text{cooling} + P_\text{management}

    No number has a default: whoever buys reads them on the meter or in the data sheet.

    Parameters
    ----------
    transmitter_w : float
        Laser, modulators, electronics.
    receiver_w : float
        Detectors and electronics, without a cryostat.
    cooling_w : float
        A cryostat, if there is one. NIST names 1.5 kW for the coolers in use before its own prototype.
    management_w : float
        The computers that distil, store and hand out keys, at both ends together.

    Examples
    --------
    >>> LinkPower(transmitter_w=60, receiver_w=60, cooling_w=0, management_w=80).watts
    200.0

    References
    ----------
    NIST, "No liquid helium, but still extremely cool", news of May 2017. Parts of such a sum, device by device:
    Yehia et al., "Energetic analysis of emerging quantum communication protocols", 2024, arXiv:2410.10661.
    """

    transmitter_w: float
    receiver_w: float
    cooling_w: float
    management_w: float

    def __post_init__(self) -> None:
        for name in ("transmitter_w", "receiver_w", "cooling_w", "management_w"):
            as_real(getattr(self, name), name, least=0)

    @property
    def watts(self) -> float:
        """The sum, in watts."""
        return float(self.transmitter_w + self.receiver_w + self.cooling_w + self.management_w)


def joules_per_bit(bits_per_second: ArrayLike, watts: ArrayLike) -> Array:
    r"""Return the energy that a secret bit costs, in joules, for each rate of a link.

    .. math:: E = \frac{P}{R}

    The devices draw their power whether the fibre is short or long, and the rate falls exponentially with the length: so
    the energy of a bit rises exponentially. Where there is no key it is infinite.

    Parameters
    ----------
    bits_per_second : array_like of float, shape (...)
        Secret bits a second that the link makes, at least 0.
    watts : array_like of float, shape (...)
        Power of all devices; broadcasts against the rate.

    Returns
    -------
    ndarray of float, shape (...)
        Joules per secret bit.

    Examples
    --------
    >>> joules_per_bit([1e6, 1e3, 0], watts=200)
    array([0.0002, 0.2   ,    inf])

    References
    ----------
    Yehia et al., 2024, arXiv:2410.10661: energy for a key of given length as a figure of merit.
    """
    rate = as_reals(bits_per_second, "bits_per_second", least=0)
    power = as_reals(watts, "watts", least=0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(np.where(rate > 0, power / rate, np.inf))


@dataclass(frozen=True)
class ComputingEnergy:
    """What one run of a computation took; made by :func:`computing_energy`.

    Parameters
    ----------
    cpu_seconds : float
        Time of the processor for one run, of all threads of this process.
    watts : float
        Power that was *assumed* for a busy core. It is not measured.
    """

    cpu_seconds: float
    watts: float

    @property
    def joules(self) -> float:
        """The estimate: time of the processor times the assumed power."""
        return self.cpu_seconds * self.watts


def computing_energy(work: Callable[[], object], *, watts: float, repeats: int = 1) -> ComputingEnergy:
    r"""Run a computation and estimate the energy of one run from the time of the processor.

    .. math:: E = t_\text{CPU} \cdot P_\text{core}

    The time is measured, the power is the caller's assumption: the result is an estimate, good for powers of ten. Memory,
    network and cooling of the room are in it only as far as `watts` counts them.

    Parameters
    ----------
    work : callable
        Called without arguments; what it returns is dropped. It runs once more, before the clock, to load what it needs.
    watts : float
        Power of one busy core, above 0.
    repeats : int
        How many runs the time is averaged over: enough that they take far more than the clock's step.

    Returns
    -------
    ComputingEnergy

    Examples
    --------
    >>> spent = computing_energy(lambda: sum(range(100_000)), watts=15, repeats=20)
    >>> spent.cpu_seconds > 0 and spent.joules == 15 * spent.cpu_seconds
    True

    References
    ----------
    Strubell, Ganesh and McCallum, "Energy and policy considerations for deep learning in NLP", 2019, arXiv:1906.02243:
    energy of training from time and power.
    """
    if not callable(work):
        raise TypeError(f"work must be a function without arguments, not {type(work).__name__}")
    power, runs = as_real(watts, "watts", above=0), as_count(repeats, "repeats")
    work()
    start = time.process_time()
    for _ in range(runs):
        work()
    return ComputingEnergy((time.process_time() - start) / runs, power)
