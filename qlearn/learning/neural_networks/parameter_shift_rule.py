"""The gradient of a circuit from runs of it: the parameter-shift rule, and finite differences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_choice, as_count, as_real, as_rng
from qlearn.qubits import Circuit, expectation
from qlearn.qubits.gates import ANGLED
from qlearn.qubits.measurement import sampled_mean
from qlearn.qubits.observables import Observable, as_observables
from qlearn.qubits.parameter_values import refusal


def angle_places(circuit: Circuit) -> list[int]:
    """Return the indices, in ``circuit.operations``, of the gates that have an angle.

    Examples
    --------
    >>> angle_places(Circuit(2).h(0).ry(0.1, 0).cx(0, 1).rz(0.2, 1))
    [1, 3]
    """
    return [place for place, step in enumerate(circuit.operations) if step.angle is not None]


def observable_terms(circuit: Circuit, observable: Observable) -> dict[str, float]:
    """Return an observable as weights of Pauli products, once the circuit is known to have a gradient.

    Examples
    --------
    >>> observable_terms(Circuit(2).ry(0.1, 0), "ZX")
    {'ZX': 1.0}
    """
    if not isinstance(circuit, Circuit):
        raise TypeError(f"circuit must be a Circuit, not {type(circuit).__name__}")
    if circuit.bits:
        raise ValueError(
            f"circuit must be without classical bits, not with {circuit.bits}: the mean of the observable is "
            "asked for, at the end and by itself"
        )
    if not angle_places(circuit):
        raise ValueError(
            "circuit must have a gate with an angle (such as rx, cp or rzz): nothing else has a slope"
        )
    given: Any = observable
    if isinstance(given, Sequence) and not isinstance(given, str):
        raise TypeError(
            f"observable must be one, a string of Paulis or a weighted sum of them, not a list of {len(given)}: "
            "a slope is of one, so call this for each"
        )
    if isinstance(observable, str) or not isinstance(observable, Mapping):
        observable = {observable: 1.0}  # "local" and "global" are several: a slope is of one
    return as_observables(observable, circuit.n_qubits, "observable")[0]


def parameter_shift(
    circuit: Circuit, observable: Observable, *, shots: int | None = None, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return the gradient of an expectation value in all angles, from two values for each, or four.

    .. math:: \frac{\partial f}{\partial\theta} =
              \tfrac12\bigl[f(\theta + \tfrac{\pi}{2}) - f(\theta - \tfrac{\pi}{2})\bigr]

    Exact, for a gate :math:`e^{-i\theta G}` with a G of two eigenvalues one apart: f is a constant and one sine in
    its angle. A controlled turn (crx, cry, crz) has a third eigenvalue between them, so f has a second sine of half the
    frequency, and takes four values (``shift_rule`` of this module).
    It needs nothing but runs of the circuit, so a quantum
    computer can do it.

    Parameters
    ----------
    circuit : Circuit
        Without measurements. A batch gives the gradient of each of its circuits.
    observable : str or mapping of str to float
        A product of Pauli operators such as ``"ZZI"``, or a weighted sum, ``{"ZI": 0.5, "IX": 2.0}``.
    shots : int, optional
        Runs for each product and each of the values. None is as many as it takes: exact.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; draws the outcomes of shots.

    Returns
    -------
    ndarray of float64, shape (n_angles, ...)
        In the order of the gates, for each circuit of the batch.

    Examples
    --------
    >>> parameter_shift(Circuit(1).ry(np.pi / 6, 0), "Z").round(12)  # the slope of a cosine
    array([-0.5])

    References
    ----------
    Mitarai, Negoro, Kitagawa, Fujii, 2018, arXiv:1803.00745.
    Schuld, Bergholm, Gogolin, Izaac, Killoran, "Evaluating analytic gradients on quantum hardware", 2019,
    arXiv:1811.11184.
    """
    return _differences(circuit, observable, None, shots, rng)


def finite_difference(
    circuit: Circuit, observable: Observable, *, step: float = 1e-4, shots: int | None = None, rng: Any = None
) -> NDArray[np.float64]:
    r"""Return the gradient of an expectation value in all angles, from a small step to either side of each.

    .. math:: \frac{\partial f}{\partial\theta} \approx \frac{f(\theta + h) - f(\theta - h)}{2h}

    It misses by :math:`h^2/6` of the slope and by rounding, :math:`10^{-16}/h`. Of shots it needs, for small h,
    :math:`1/h^2` times as many as :func:`parameter_shift`, where the means at both pairs of points have equal variances.

    Parameters
    ----------
    circuit, observable
        As in :func:`parameter_shift`.
    step : float
        h in radians, above 0.
    shots, rng
        As in :func:`parameter_shift`.

    Returns
    -------
    ndarray of float64, shape (n_angles, ...)

    Examples
    --------
    >>> finite_difference(Circuit(1).ry(np.pi / 6, 0), "Z").round(8)
    array([-0.5])

    References
    ----------
    Press et al., "Numerical Recipes", 2007, section 5.7.
    """
    if as_real(step, "step") <= 0:
        raise ValueError(f"step must be above 0, not {step}: it is how far to either side f is asked for")
    return _differences(circuit, observable, step, shots, rng)


def shift_rule(gate: str) -> tuple[tuple[float, float], ...]:
    r"""Return the shifts s and weights w of the exact rule for the angle of a gate.

    .. math:: \frac{\partial f}{\partial\theta} = \sum_k w_k \bigl[f(\theta + s_k) - f(\theta - s_k)\bigr]

    Parameters
    ----------
    gate : str
        Name of a gate with an angle.

    Returns
    -------
    tuple of (shift, weight)
        One pair, or two for a controlled turn.

    Examples
    --------
    >>> shift_rule("ry")
    ((1.5707963267948966, 0.5),)
    >>> len(shift_rule("cry"))
    2

    References
    ----------
    Anselmetti, Wierichs, Gogolin, Parrish, 2021, arXiv:2104.05695 (the rule of four values).
    """
    as_choice(gate, ANGLED, "gate")
    if gate in ("crx", "cry", "crz"):
        root = np.sqrt(2)
        return ((np.pi / 2, float((root + 1) / (4 * root))), (3 * np.pi / 2, float((1 - root) / (4 * root))))
    return ((np.pi / 2, 0.5),)


def _differences(
    circuit: Circuit, observable: Observable, step: float | None, shots: int | None, rng: Any
) -> NDArray[np.float64]:
    """Return weighted differences of f on both sides of each angle by itself: at a step, or by its exact rule."""
    terms = observable_terms(circuit, observable)
    if circuit.parameters:
        raise ValueError(refusal(circuit.parameters, "have a gradient in numbers"))
    if shots is not None:
        as_count(shots, "shots")
    generator, slopes = as_rng(rng), []
    for place in angle_places(circuit):
        steps = list(circuit.operations)
        rule = shift_rule(steps[place].name) if step is None else ((step, 1.0),)
        sides = np.array([side for shift, _ in rule for side in (shift, -shift)])
        steps[place] = replace(
            steps[place], angle=steps[place].angle + sides.reshape(-1, *[1] * len(circuit.shape))
        )
        states = replace(circuit, operations=tuple(steps)).run()
        means = {string: expectation(states, string) for string in terms}
        if shots is not None:
            means = {string: sampled_mean(mean, shots, generator) for string, mean in means.items()}
        values = np.sum([weight * means[string] for string, weight in terms.items()], axis=0)
        pairs = zip(rule, values[::2], values[1::2], strict=True)
        slopes.append(sum(weight * (ahead - behind) for (_, weight), ahead, behind in pairs))
    return np.array(slopes) if step is None else np.array(slopes) / (2 * step)
