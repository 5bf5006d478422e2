"""Quantum speed-up: how long a search must run before a polynomial one pays, and how good a shot must be sooner."""

from dataclasses import dataclass
from math import inf, log1p

from qlearn._checks import as_count, as_real


@dataclass(frozen=True)
class BreakEven:
    """Where two ways of solving a problem take the same time.

    Parameters
    ----------
    calls : float
        Calls of the quantum primitive at that point.
    seconds : float
        How long either takes there; shorter problems are quicker on the classical machine.
    """

    calls: float
    seconds: float


def break_even(quantum_s: float, classical_s: float, *, degree: float = 2.0, cores: int = 1) -> BreakEven:
    r"""Return where a polynomial speed-up begins to pay.

    .. math:: M\, t_Q = M^d\, \frac{t_C}{S} \quad\Rightarrow\quad M^* = \Bigl(\frac{S\, t_Q}{t_C}\Bigr)^{1/(d-1)}, \qquad
              T^* = M^*\, t_Q

    The quantum machine calls its primitive M times where the classical one needs :math:`M^d`: a square root for d = 2.

    Parameters
    ----------
    quantum_s, classical_s : float
        Seconds of one call of the primitive.
    degree : float
        d, above 1.
    cores : int
        S, classical machines that share the calls.

    Returns
    -------
    BreakEven

    Examples
    --------
    >>> round(break_even(17e-3, 33e-9).seconds / 3600, 1)  # hours: the source's least demanding primitive
    2.4
    >>> round(break_even(17e-3, 33e-9, degree=4).seconds, 1)
    1.4

    References
    ----------
    Babbush, McClean, Newman, Gidney, Boixo and Neven, "Focus beyond quadratic speedups for error-corrected quantum
    advantage", 2021, doi:10.1103/PRXQuantum.2.010103.
    """
    quantum, classical = (
        as_real(quantum_s, "quantum_s", above=0),
        as_real(classical_s, "classical_s", above=0),
    )
    d = as_real(degree, "degree")
    if d <= 1:
        raise ValueError(
            f"degree must be above 1, not {d:g}: with as many calls the slower machine never catches up"
        )
    calls = max(1.0, (as_count(cores, "cores") * quantum / classical) ** (1 / (d - 1)))
    return BreakEven(calls, calls * quantum)


def needed_success(shot_s: float, budget_s: float, *, confidence: float = 0.99) -> float:
    r"""Return the chance that one shot must have to show what is sought, for it to be seen within a time.

    .. math:: 1 - (1 - p)^{T / t} \ge c \quad\Rightarrow\quad p = 1 - (1 - c)^{t / T}

    Parameters
    ----------
    shot_s : float
        Seconds of a shot, t.
    budget_s : float
        Seconds that there are, T: what the rival takes, or the loop that asks.
    confidence : float
        c, above 0 and below 1.

    Returns
    -------
    float
        Between 0 and 1; 1 if not one shot fits.

    Examples
    --------
    >>> round(needed_success(1e-3, 1.0), 6)  # a thousand shots
    0.004599
    >>> needed_success(2.0, 1.0)
    1.0

    References
    ----------
    Ronnow et al., "Defining and detecting quantum speedup", 2014, arXiv:1401.2910 (time to solution).
    """
    shot, budget = as_real(shot_s, "shot_s", above=0), as_real(budget_s, "budget_s", above=0)
    c = as_real(confidence, "confidence")
    if not 0 < c < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {c:g}: no number of shots is certain")
    shots = budget // shot
    return 1.0 if shots < 1 else float(1 - (1 - c) ** (1 / shots))


def time_to_solution(shot_s: float, success: float, *, confidence: float = 0.99) -> float:
    r"""Return the seconds of shots until what is sought was seen once with the given confidence.

    .. math:: T = t\, \max\!\Bigl(1, \frac{\ln(1 - c)}{\ln(1 - p)}\Bigr)

    Parameters
    ----------
    shot_s : float
        Seconds of a shot.
    success : float
        Chance p of one shot, 0 to 1.
    confidence : float
        c, above 0 and below 1.

    Returns
    -------
    float
        Infinite if a shot never shows it.

    Examples
    --------
    >>> round(time_to_solution(1e-3, 0.0046), 2)
    1.0

    References
    ----------
    Ronnow et al., 2014, arXiv:1401.2910.
    """
    shot = as_real(shot_s, "shot_s", above=0)
    p = as_real(success, "success", least=0, most=1)
    c = as_real(confidence, "confidence")
    if not 0 < c < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {c:g}: no number of shots is certain")
    if p == 0:
        return inf
    return shot if p == 1 else shot * max(1.0, log1p(-c) / log1p(-p))
