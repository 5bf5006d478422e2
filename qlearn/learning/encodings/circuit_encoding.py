"""Circuit encoding: any circuit with features and trained angles in it, and the slopes of its states in the angles."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_count, as_reals
from qlearn.learning.encodings.encoding import as_features, as_rows, room_for
from qlearn.qubits import Circuit, Parameter, ParameterExpression, parameters
from qlearn.qubits.engine import apply, as_tensor
from qlearn.qubits.gates import Operation

_FEATURES = "x"


@dataclass(frozen=True)
class CircuitEncoding:
    r"""An encoding by a circuit of one's own: some of its angles are features, the others can be trained.

    .. math:: |\psi_\theta(x)\rangle = U(x, \theta)\, |0\dots0\rangle

    The parameters of the vector ``x`` are features, ``x[0]`` the first, wherever they stand and as often, also with a trained
    factor (``w * x[0]``); all others are :math:`\theta`, in the order of their first use.
    :class:`~qlearn.learning.qsvm.KernelTrainer` finds values for them.

    Parameters
    ----------
    template : Circuit or callable
        With free angles, without measurements and masks; or a function that makes it for a number of features, such as
        :func:`trainable_embedding`.
    theta : sequence of float, optional
        Values of the trained angles in radians. None leaves them free: then there are no states yet, unless the circuit has
        no such angle.

    Raises
    ------
    ValueError, TypeError
        If the circuit has no feature, or is a batch, or measures; by the methods, if rows have other features than the
        circuit, or theta has no values, or not as many as there are angles.

    Examples
    --------
    >>> x, t = parameters("x", 2), Parameter("t")
    >>> encoding = CircuitEncoding(Circuit(2).ry(x[0], 0).ry(x[1], 1).cx(0, 1).rx(2 * t, 1).ry(x[0], 1), theta=[0.5])
    >>> encoding.circuit([1.0, 2.0])
    Circuit(2).ry(1, 0).ry(2, 1).cx(0, 1).rx(1, 1).ry(1, 1)
    >>> from qlearn.learning.qsvm import FidelityKernel, KernelTrainer
    >>> FidelityKernel(encoding).gram([[0.0, 0.0], [1.0, 2.0]]).round(3)
    array([[1.   , 0.087],
           [0.087, 1.   ]])
    >>> rows = np.random.default_rng(0).uniform(-1, 1, (30, 2))
    >>> trainer = KernelTrainer(FidelityKernel(encoding)).fit(rows, rows[:, 0] > 0)
    >>> trainer.alignment_ > trainer.start_
    True

    References
    ----------
    Hubregtsen et al., "Training quantum embedding kernels on near-term quantum computers", 2021, arXiv:2105.02276.
    """

    template: Circuit | Callable[[int], Circuit]
    theta: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.template, Circuit) and not callable(self.template):
            raise TypeError(
                "template must be a Circuit with free angles, or a function of the number of features that makes one, not "
                f"{type(self.template).__name__}"
            )
        if self.theta is not None:
            theta = as_reals(self.theta, "theta")
            if theta.ndim != 1:
                raise ValueError(f"theta must have shape (n_angles,), not {theta.shape}")
            object.__setattr__(self, "theta", tuple(theta.tolist()))  # a list would have no hash
        if isinstance(self.template, Circuit):
            features, angles = _sorted(self.template)
            _as_many(self.theta, angles)
            self._check(self.template, 1 + max((each.index[0] for each in features), default=-1))

    def n_qubits(self, n_features: int) -> int:
        """Return the number of wires of the circuit; refuse other features than it has."""
        return self.made(n_features).n_qubits

    def made(self, n_features: int) -> Circuit:
        """Return the circuit for so many features, with all its angles free."""
        n = as_count(n_features, "n_features")
        if isinstance(self.template, Circuit):
            return self._check(self.template, n)
        known = _called if isinstance(self.template, Hashable) else _called.__wrapped__
        return self._check(known(self.template, n), n)

    def angles(self, n_features: int) -> tuple[Parameter, ...]:
        """Return the trained angles of the circuit for so many features, in the order of theta."""
        return _sorted(self.made(n_features))[1]

    def circuit(self, x: ArrayLike) -> Circuit:
        """Return the circuit of one row (shape (q,)), or the batch of circuits of rows (shape (..., q))."""
        features = as_features(x)
        made = self.made(features.shape[-1])
        names, angles = _sorted(made)
        if angles and self.theta is None:
            raise ValueError(
                f"theta must have {len(angles)} values, and has none yet: give theta, or train it by "
                "KernelTrainer(kernel).fit(X, y), whose kernel_ has it"
            )
        _as_many(self.theta, angles)
        values: dict[Any, Any] = {each: features[..., each.index[0]] for each in names}
        return made.bind(values | dict(zip(angles, self.theta or (), strict=True)))

    def states(self, X: ArrayLike) -> NDArray[np.complex128]:
        """Return the state of every row, shape (n, 2**n_qubits): ``circuit(X).run()``."""
        rows = as_rows(X)
        room_for(len(rows), self.n_qubits(rows.shape[1]))
        return self.circuit(rows).run()

    def pull_back(self, X: ArrayLike, slopes: NDArray[Any]) -> NDArray[np.float64]:
        r"""Return the derivative of a function of the states in each trained angle, by one sweep back.

        .. math:: \frac{\partial f}{\partial \theta_k} = \operatorname{Re} \sum_i
                  \Big\langle \frac{\partial \psi_i}{\partial \theta_k} \Big| g_i \Big\rangle

        Parameters
        ----------
        X : array_like, shape (n, q)
            The rows.
        slopes : ndarray of complex, shape (n, 2**n_qubits)
            The derivative g of the function by the state of each row.

        Returns
        -------
        ndarray of float64, shape (n_angles,)

        References
        ----------
        Jones, Gacon, 2020, arXiv:2009.02823 (the sweep).
        """
        rows = as_rows(X)
        made, bound = self.made(rows.shape[1]), self.circuit(rows)
        features, angles = _sorted(made)
        found = dict.fromkeys(angles, 0.0)
        values: dict[Any, Any] = {each: rows[:, each.index[0]] for each in features}
        values |= dict(zip(angles, self.theta or (), strict=True))
        ket = as_tensor(self.states(rows), bound.n_qubits)
        bra = as_tensor(np.array(slopes, np.complex128), bound.n_qubits)
        free = [
            [(each, _slope(step.angle, each, values)) for each in step.parameters if each in found]
            for step in made.operations
        ]
        first = next((k for k, terms in enumerate(free) if terms), len(free))
        for k in reversed(range(first, len(free))):
            step = bound.operations[k]
            if free[k]:
                turned = _generated(ket, step)
                if any(
                    np.ndim(weight) for _, weight in free[k]
                ):  # a feature is its factor: rows count each by itself
                    slope = np.vecdot(bra.reshape(len(rows), -1), turned.reshape(len(rows), -1)).imag
                else:
                    slope = np.vdot(bra, turned).imag
                for each, weight in free[k]:
                    found[each] += float((weight * slope).sum())
            undo = step.adjoint()
            for states in (ket, bra):
                apply(states, undo.matrix, undo.targets, undo.controls)
        return np.array([found[each] for each in angles])

    @staticmethod
    def _check(made: Circuit, n_features: int) -> Circuit:
        features = _sorted(made)[0]
        if not features:
            raise ValueError(
                "template must have features, free angles of the vector 'x' such as parameters('x', 2), and has "
                f"{', '.join(map(str, made.parameters)) or 'none'}: every row would give one state"
            )
        if any(len(each.index) != 1 for each in features):
            raise ValueError("template must number its features, x[0], x[1] and so on, by one index each")
        highest = max(each.index[0] for each in features)
        if missing := sorted(set(range(highest)) - {each.index[0] for each in features}):
            raise ValueError(
                f"template must use each feature up to x[{highest}], and x[{missing[0]}] does not occur: no column of X may be "
                "ignored"
            )
        if highest + 1 != n_features:
            raise ValueError(
                f"X has {n_features} features, and the circuit has the features x[0] to x[{highest}]: give rows of "
                f"{highest + 1}, or another circuit"
            )
        if made.shape or any(step.where is not None or step.bit is not None for step in made.operations):
            raise ValueError("template must be one circuit of gates: without batch, masks and measurements")
        return made


def trainable_embedding(n_features: int, layers: int = 2) -> Circuit:
    r"""Return layers of turns by the features and of trained turns, on a wire for each feature.

    .. math:: \prod_\ell \Big( \prod_w CR_Z(\theta_{\ell 1 w}) \bigotimes_w R_Y(\theta_{\ell 0 w})\, R_Z(x_w)\, H \Big)

    The controlled turns close a ring. What comes after the last feature is the same for every row and drops out of a fidelity
    kernel: there the angles of the last layer do nothing, and a single layer has none that do.

    Parameters
    ----------
    n_features : int
        q, the number of wires.
    layers : int
        Layers, each with 2q angles (one wire has no ring, and one angle).

    Returns
    -------
    Circuit
        With free angles ``x[w]`` and ``theta[k]``.

    Examples
    --------
    >>> CircuitEncoding(trainable_embedding).angles(1)
    (theta[0], theta[1])
    >>> trainable_embedding(2, layers=1)
    Circuit(2).h(0).rz(x[0], 0).ry(theta[0], 0).h(1).rz(x[1], 1).ry(theta[1], 1).crz(theta[2], 0, 1).crz(theta[3], 1, 0)

    References
    ----------
    Hubregtsen et al., 2021, arXiv:2105.02276.
    """
    q, depth = as_count(n_features, "n_features"), as_count(layers, "layers")
    each = 2 * q if q > 1 else 1
    x, theta = parameters(_FEATURES, q), parameters("theta", each * depth)
    circuit = Circuit(q)
    for layer in theta.reshape(depth, each):
        for wire in range(q):
            circuit = circuit.h(wire).rz(x[wire], wire).ry(layer[wire], wire)
        for wire, angle in enumerate(layer[q:]):
            circuit = circuit.crz(angle, wire, (wire + 1) % q)
    return circuit


@lru_cache(maxsize=64)
def _called(template: Callable[[int], Circuit], n_features: int) -> Circuit:
    made = template(n_features)
    if not isinstance(made, Circuit):
        raise TypeError(f"template must make a Circuit of a number of features, not {type(made).__name__}")
    return made


def _sorted(circuit: Circuit) -> tuple[tuple[Parameter, ...], tuple[Parameter, ...]]:
    """Return the features of a circuit and its other parameters, each in order of first use."""
    features = tuple(each for each in circuit.parameters if each.vector == _FEATURES)
    return features, tuple(each for each in circuit.parameters if each.vector != _FEATURES)


def _as_many(theta: tuple[float, ...] | None, angles: tuple[Parameter, ...]) -> None:
    if theta is not None and len(theta) != len(angles):
        raise ValueError(
            f"theta must have a value for each of the {len(angles)} trained angles "
            f"({', '.join(map(str, angles)) or 'none'}), not {len(theta)}"
        )


def _slope(angle: Any, parameter: Parameter, values: dict[Any, Any]) -> Any:
    """Return how an angle grows with a parameter: a number, or one for each row."""
    slope = angle.weight(parameter)
    return slope.bind(values) if isinstance(slope, ParameterExpression) else slope


def _generated(ket: NDArray[np.complex128], step: Operation) -> NDArray[np.complex128]:
    """Return G of a gate exp(-i angle G) on a batch of states: nothing where a control keeps the gate off."""
    half_turn = replace(step, angle=np.array(np.pi)).matrix
    # At pi a turn about a product of Paulis, G = P / 2, is -i P; a phase, whose G is -1 on the state 1, is 1 and -1 there.
    identity = np.eye(len(half_turn))
    generator = (half_turn - identity) / 2 if step.name in ("p", "cp") else 0.5j * half_turn
    turned = ket.copy()
    apply(turned, generator, step.targets, step.controls)
    for control in step.controls:
        turned[(slice(None),) * (1 + control) + (0,)] = 0
    return turned
