r"""What the variance must be: for circuits so deep that they are as good as random, and for one layer."""

from qlearn._checks import as_count
from qlearn.learning.barren_plateaus.costs import COSTS


def deep_variance(n_qubits: int, cost: str = "zz") -> float:
    r"""Return the variance of the first derivative when the rest of the circuit is as good as random.

    .. math:: \operatorname{Var} = \frac{v}{3}\,\frac{d^2}{d^2-1}, \qquad
              v = \frac{\operatorname{tr} C^2}{d^2} - \frac{(\operatorname{tr} C)^2}{d^3}, \qquad d = 2^n

    The second moment of a Haar-random V is enough (a *2-design*): the mean of
    :math:`(\operatorname{tr} V^\dagger C V B)^2` is :math:`\operatorname{tr}B^2 \operatorname{tr}C^2/(d^2-1)`
    for traceless C and B, here with :math:`B = \tfrac{i}{2}(\rho P - P\rho)`, where :math:`\rho` is the state behind
    the first turn and P its axis. Its :math:`\operatorname{tr} B^2` is :math:`\tfrac12(1 - \langle P\rangle^2)`, and
    1/3 in the mean over the three axes, as every wire starts turned by :math:`R_Y(\pi/4)`.

    Parameters
    ----------
    n_qubits : int
        Number of wires, at least 2.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`. For large n the variance is :math:`4^{-n}/3`, :math:`2^{-n}/(12 n)` and
        :math:`2^{-n}/3`.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If the cost is unknown or the number is no count.

    Examples
    --------
    >>> 2**20 * deep_variance(20, "zz")
    0.33333
    >>> 4**20 * deep_variance(20, "global")
    0.33333

    References
    ----------
    McClean et al., 2018, arXiv:1803.11173, whose equations average over the part before the angle as well.

    Taught in :doc:`/learning/barren_plateaus`.
    """
    n = as_count(n_qubits, "n_qubits", least=2)
    d = 2.0**n
    # tr C^2 of the traceless part of each observable
    spread = {"global": 1 - 1 / d, "local": d / (4 * n), "zz": d}
    return spread[_known(cost)] / (3 * (d * d - 1))


def one_layer_variance(n_qubits: int, cost: str = "zz") -> float:
    r"""Return the variance of the first derivative of a circuit of one layer.

    .. math:: \operatorname{Var}_\text{global} = \tfrac1{16} q^{\,n-1}, \qquad
              \operatorname{Var}_\text{local} = \frac1{16 n^2}, \qquad
              \operatorname{Var}_{zz} = \tfrac5{48}, \qquad q = \tfrac{17 + 4\sqrt2}{48} \approx 0.472

    The CZ gates behind the turns do not change what a Z measurement sees, so the wires are independent and
    each cost is an average of products. q is the mean square of the probability to find one wire in 0.

    Parameters
    ----------
    n_qubits : int
        Number of wires, at least 2.
    cost : {"global", "local", "zz"}
        See :func:`cost_diagonal`.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If the cost is unknown or the number is no count.

    Examples
    --------
    >>> round(one_layer_variance(2, "global"), 6)
    0.029501

    References
    ----------
    Cerezo et al., 2021, arXiv:2001.00550: the warm-up example, with turns about x only, where q is 3/8.

    Taught in :doc:`/learning/barren_plateaus`.
    """
    n = as_count(n_qubits, "n_qubits", least=2)
    square = (17 + 4 * 2**0.5) / 48
    return {"global": square ** (n - 1) / 16, "local": 1 / (16 * n * n), "zz": 5 / 48}[_known(cost)]


def _known(cost: str) -> str:
    if cost not in list(COSTS):
        raise ValueError(f"cost must be one of {', '.join(COSTS)}, not {cost!r}")
    return cost
