"""Train layered circuits on labelled rows with finite shots: random, identity and layerwise starts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from qlearn._checks import as_count, as_reals, as_rng, as_signs
from qlearn.learning._threads import one_thread
from qlearn.learning.barren_plateaus._engine import LayeredSimulator, encoded_states
from qlearn.learning.barren_plateaus.cost_functions import cost_diagonal
from qlearn.learning.barren_plateaus.random_circuits import LayeredCircuits, draw_circuits
from qlearn.learning.neural_networks.optimizers import Adam
from qlearn.qubits.measurement import sampled_mean

STARTS = ("random", "identity", "layerwise")


def trained_layers(start: str, depth: int, block: int, steps: int) -> Iterator[tuple[int, int, int]]:
    """Yield for each step the layers that are trained, from the first number up to the second, of how many.

    Layers behind the third number have not been appended yet.

    Examples
    --------
    >>> list(trained_layers("layerwise", 4, 2, 8))
    [(0, 2, 2), (0, 2, 2), (2, 4, 4), (2, 4, 4), (0, 2, 4), (2, 4, 4), (0, 2, 4), (2, 4, 4)]

    References
    ----------
    Skolik et al., 2021, arXiv:2006.14904, phases one and two.
    """
    blocks = -(-depth // block)
    growing = steps // 2 if start == "layerwise" else 0
    for step in range(steps):
        if start != "layerwise":
            yield 0, depth, depth
        elif step < growing:
            newest = step * blocks // growing
            end = min((newest + 1) * block, depth)
            yield newest * block, end, end
        else:
            # Second phase: both halves in turns, as many turns as there are blocks.
            turn = (step - growing) * 2 * blocks // (steps - growing) % 2
            half = max(1, depth // 2)
            yield (0, half, depth) if turn == 0 else (half if depth > 1 else 0, depth, depth)


@dataclass(frozen=True)
class TrainedCircuits:
    r"""Circuits after training, with the loss and the gradient of each step.

    Parameters
    ----------
    circuits : LayeredCircuits
        With the angles found.
    losses : ndarray of float64, shape (steps, restarts)
        The squared error of the exact answers to the rows of each step, before it: a simulator knows it, a device
        would not.
    gradient_rms : ndarray of float64, shape (steps, restarts)
        Root mean square of the derivatives in the angles that were trained, without the noise of the shifted runs.
    noise : ndarray of float64, shape (steps, restarts)
        Standard deviation of the noise that the shifted runs put on each of these derivatives.
    expectations : ndarray of int, shape (steps,)
        Expectation values that a device measures for each step of one restart: the answer to each row, and two
        for each row and angle.
    """

    circuits: LayeredCircuits
    losses: NDArray[np.float64]
    gradient_rms: NDArray[np.float64]
    noise: NDArray[np.float64]
    expectations: NDArray[np.int64]
    _observable: NDArray[np.float64] = field(repr=False)

    def __repr__(self) -> str:
        steps, restarts = self.losses.shape
        return f"TrainedCircuits(restarts={restarts}, steps={steps}, last_loss={self.losses[-1].mean():.3g})"

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        r"""Return :math:`\langle Z_0 Z_1\rangle` for rows, shape (restarts, rows); its sign is the class."""
        rows, seen = _as_rows(X, self.circuits), _light_cone(self.circuits)
        with one_thread():
            final = LayeredSimulator(seen).forward(encoded_states(rows[..., : seen.n_qubits]))
        return (final.real**2 + final.imag**2) @ self._observable

    def score(self, X: ArrayLike, y: ArrayLike, *, shots: int | None = None, rng: Any = None) -> NDArray:
        """Return the accuracy of each restart on rows with labels -1 and 1.

        Parameters
        ----------
        X : array_like, shape (rows, n_qubits) or (restarts, rows, n_qubits)
            Angles in radians.
        y : array_like, shape (rows,) or (restarts, rows)
            Labels -1 and 1.
        shots : int or None
            Runs for each row, of which the majority decides; None for the exact expectation value.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes; draws the outcomes.

        Returns
        -------
        ndarray of float64, shape (restarts,)
        """
        signs, means = as_signs(y), self.decision_function(X)
        if shots is not None:
            means = sampled_mean(means, as_count(shots, "shots"), as_rng(rng))
        return (np.where(means >= 0, 1, -1) == signs).mean(axis=-1)


def train_circuits(
    X: ArrayLike,
    y: ArrayLike,
    *,
    depth: int,
    start: str = "random",
    restarts: int = 1,
    steps: int = 50,
    batch_size: int = 16,
    shots: int | None = 100,
    learning_rate: float = 0.05,
    block: int = 4,
    entanglement: str = "linear",
    rng: Any = None,
    progress: bool = False,
) -> TrainedCircuits:
    r"""Train circuits to answer with :math:`\langle Z_0 Z_1\rangle` = y, from one of three starts.

    .. math:: L(\theta) = \frac1B \sum_b \bigl(\langle s(x_b)|U(\theta)^\dagger Z_0 Z_1 U(\theta)|s(x_b)\rangle
              - y_b\bigr)^2, \qquad |s(x)\rangle = \bigotimes_w R_Y(x_w)|0\rangle

    A device measures each answer by `shots` runs, and each derivative by the parameter shift rule, with `shots` runs
    at each of the two shifted angles. Both enter the derivative of a square. The answers' runs are counted here,
    outcome by outcome. The shifted runs are not: the variance of a derivative is

    .. math:: \frac{(1 - m_+^2) + (1 - m_-^2)}{4\,\text{shots}} \le \frac1{2\,\text{shots}}, \qquad
              m_\pm = \langle Z_0 Z_1\rangle(\theta \pm \tfrac\pi2) ,

    and normal noise of the *largest* variance is added to every derivative of every row. The bound is nearly reached
    where the answers are near zero, as on a plateau; elsewhere it is more noise than a device would have. The steps
    are Adam's.

    ``"layerwise"`` begins with one block and appends the next when its share of the first half of the steps
    is over, with all new angles zero; only the newest block is trained. In the second half of the steps it
    trains the first and the second half of all layers in turns.

    Parameters
    ----------
    X : array_like, shape (rows, n_qubits) or (restarts, rows, n_qubits)
        Angles in radians; each restart may have rows of its own.
    y : array_like, shape (rows,) or (restarts, rows)
        Labels -1 and 1.
    depth : int
        Layers; even for ``"identity"``.
    start : {"random", "identity", "layerwise"}
        Random angles everywhere; blocks that cancel; or one block after the other.
    restarts : int
        Circuits trained side by side, each with its own axes, angles, batches and noise.
    steps : int
        Steps of descent.
    batch_size : int
        Rows in a step, drawn without replacement.
    shots : int or None
        Runs for each expectation value; None for exact answers and derivatives.
    learning_rate : float
        Adam's.
    block : int
        Layers in a block, even for ``"identity"``.
    entanglement : {"linear", "circular", "full", "pairwise", "none"}
        Which wires CZ gates couple; "none" is the ablation. With the same `rng`, and from every start, axes, first angles and
        batches are the same for all.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes.
    progress : bool
        Show a progress bar. An interrupted run returns what it has.

    Returns
    -------
    TrainedCircuits

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.uniform(0, np.pi, (40, 2))
    >>> found = train_circuits(X, np.sign(np.cos(X[:, 0])), depth=4, start="identity", restarts=3, rng=1)
    >>> found.losses.shape, found.score(X, np.sign(np.cos(X[:, 0]))).shape
    ((50, 3), (3,))

    References
    ----------
    Skolik et al., "Layerwise learning for quantum neural networks", 2021, arXiv:2006.14904.
    Grant et al., 2019, arXiv:1903.05076.
    """
    if start not in list(STARTS):
        raise ValueError(f"start must be one of {', '.join(STARTS)}, not {start!r}")
    restarts, steps = as_count(restarts, "restarts"), as_count(steps, "steps")
    signs = as_signs(y)
    generator, n = as_rng(rng), np.shape(X)[-1] if np.ndim(X) else 0
    circuits = draw_circuits(
        n,
        depth,
        samples=restarts,
        init="identity" if start == "identity" else "random",
        block=block,
        entanglement=entanglement,
        rng=generator,
    )
    rows = _as_rows(X, circuits)
    signs = np.broadcast_to(signs, rows.shape[:2]) if signs.shape[-1] == rows.shape[1] else signs
    if signs.shape != rows.shape[:2]:
        raise ValueError(
            f"y must hold one label for each of the {rows.shape[1]} rows, not shape {np.shape(y)}"
        )
    size = min(as_count(batch_size, "batch_size"), rows.shape[1])
    runs = None if shots is None else as_count(shots, "shots")
    optimizer = Adam(learning_rate)
    # A stream of its own: how many numbers an outcome takes depends on its chance, and the batches must not.
    counting = generator if runs is None else as_rng(generator.integers(2**63))

    wires = _light_cone(circuits).n_qubits
    states, observable = encoded_states(rows[..., :wires]), cost_diagonal("zz", wires)
    angles = circuits.angles.copy()
    if start == "layerwise":
        angles[:, block:] = 0
    losses, slopes, noises, counts = ([] for _ in range(4))
    bar = tqdm(trained_layers(start, depth, block, steps), total=steps, unit="step", disable=not progress)
    with one_thread():
        try:
            for begin, end, present in bar:
                picked = np.argsort(generator.random(rows.shape[:2]), axis=1)[:, :size]
                wanted = np.take_along_axis(signs, picked, axis=1)
                kets = np.take_along_axis(states, picked[..., None], axis=1)
                sweep = LayeredSimulator(_light_cone(circuits.with_angles(angles).first(present)))
                final = sweep.forward(kets)
                answers = (final.real**2 + final.imag**2) @ observable
                off = (answers if runs is None else sampled_mean(answers, runs, counting)) - wanted
                gradient = np.zeros_like(angles)
                bras = (2 / size) * off[..., None] * observable * final
                derivatives = sweep.backward(final, bras, keep=begin)[:, : end - begin]
                gradient[:, begin:end, :wires] = derivatives
                noise = (2 / size) * np.sqrt((off**2).sum(axis=1) / (np.inf if runs is None else 2 * runs))
                losses.append(((answers - wanted) ** 2).mean(axis=1))
                slopes.append(np.sqrt((gradient[:, begin:end] ** 2).mean(axis=(1, 2))))
                noises.append(noise)
                counts.append(size * (1 + 2 * n * (end - begin)))
                shake = generator.normal(size=(restarts, end - begin, n))
                gradient[:, begin:end] += noise[:, None, None] * shake
                stepped = optimizer.step([angles], [gradient])[0]
                angles[:, begin:end] = stepped[:, begin:end]  # Adam's memory must not move what is frozen
        except KeyboardInterrupt:
            if not losses:
                raise
    return TrainedCircuits(
        circuits.with_angles(angles),
        np.array(losses),
        np.array(slopes),
        np.array(noises),
        np.array(counts),
        observable,
    )


def _light_cone(circuits: LayeredCircuits) -> LayeredCircuits:
    """Return the light cone of the two measured wires: all wires, or without couplings these two alone."""
    if circuits.pairs:
        return circuits
    return LayeredCircuits(circuits.axes[..., :2], circuits.angles[..., :2], circuits.mirrored, "none")


def _as_rows(X: ArrayLike, circuits: LayeredCircuits) -> NDArray[np.float64]:
    rows = as_reals(X, "X")
    if rows.ndim == 2:
        rows = np.broadcast_to(rows, (circuits.samples, *rows.shape))
    if rows.ndim != 3 or rows.shape[0] != circuits.samples or rows.shape[2] != circuits.n_qubits:
        raise ValueError(
            f"X must have shape (rows, {circuits.n_qubits}) or ({circuits.samples}, rows, {circuits.n_qubits}): "
            f"one angle for each qubit, not {rows.shape}"
        )
    return rows
