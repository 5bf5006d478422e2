r"""Generative adversarial network: traces of a channel from a generator that learned to deceive a critic.

The generator, a small circuit or dense layers, makes the next value of a trace from the last ones and from noise. The critic
sees values in a row and says whether the last of them was measured or made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from qlearn._checks import as_count, as_real, as_rng
from qlearn._types import Array, Arrays
from qlearn.control.adaptive_qkd.channel_traces import as_trace
from qlearn.learning.neural_networks import Ansatz
from qlearn.learning.neural_networks.layers import DenseLayers, linear
from qlearn.learning.neural_networks.optimizers import Adam

Pullback = Callable[[Array], Arrays]

_WARM_UP = 100
# Momentum over two steps, and no longer: the other player has moved.
_DECAY = (0.5, 0.999)
_CRITIC_UNITS = 16
# Each player runs round the other; the mean of its last hundred or so places lies between.
_AVERAGED = 0.99
# Traces under way in training go on from what the generator made, and begin anew at a measured past after eight steps on average.
_BEGUN_ANEW = 1 / 8
# A share of the variance: a trace whose past says all would have no news to be scaled by.
_LEAST_NEWS = 1e-6
# Three spreads of a trace turn a wire by one radian at first: beyond a half turn another value looks the same.
_FIRST_SCALE = 0.3


class Generator(Protocol):
    """Anything that makes the next value of traces from the past and noise, and can be trained."""

    @property
    def order(self) -> int:
        """How many past values it sees."""
        ...

    @property
    def noise(self) -> int:
        """How many random numbers it gets."""
        ...

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw first parameters."""
        ...

    def forward(self, parameters: Arrays, inputs: Array) -> tuple[Array, Pullback]:
        """Return the next values, shape (n,), of inputs (n, order + noise), and the pull-back of their gradient."""
        ...


@dataclass(frozen=True)
class QuantumGenerator:
    r"""A small circuit as a generator: the past and noise turn its wires, mean values of Z are the next value.

    .. math:: x_t = b + \sum_w v_w \langle Z_w \rangle, \qquad
              u = (x_{t-1}, \dots, x_{t-p}, \epsilon_1, \dots, \epsilon_k)

    Wire w is turned by :math:`s_w u_w` before every layer (:class:`~qlearn.learning.neural_networks.Ansatz` with
    re-uploading); :math:`\epsilon` is standard normal. Scales s, angles, weights v and offset b are trained. The mean values
    are taken exactly: on a device each costs shots.

    Parameters
    ----------
    order : int
        Past values, p.
    noise : int
        Random numbers, k; the circuit has p + k qubits.
    layers : int
        Of rotations and CNOTs.
    entanglement : str
        As in :class:`~qlearn.learning.neural_networks.Ansatz`; with "none" the next value is a sum of functions of one
        input each.

    Examples
    --------
    >>> generator = QuantumGenerator(order=2, noise=2, layers=3)
    >>> parameters = generator.start(np.random.default_rng(1))
    >>> sum(p.size for p in parameters), generator.forward(parameters, np.zeros((5, 4)))[0].shape
    (33, (5,))

    References
    ----------
    Dallaire-Demers, Killoran, "Quantum generative adversarial networks", 2018, arXiv:1804.08641. Romero, Aspuru-Guzik,
    "Variational quantum generators", 2019, arXiv:1901.00848 (noise as angles, mean values as samples).
    """

    order: int = 2
    noise: int = 2
    layers: int = 3
    entanglement: str = "circular"

    def __post_init__(self) -> None:
        as_count(self.order, "order", least=0)
        for name in ("noise", "layers"):
            as_count(getattr(self, name), name)
        _ = self._ansatz

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw angles evenly from all turns; the first weights are one, the first scales 0.3."""
        n = self._ansatz.n_qubits
        return [
            np.full(n, _FIRST_SCALE),
            rng.uniform(-np.pi, np.pi, self._ansatz.shape),
            np.ones((n, 1)),
            np.zeros(1),
        ]

    def forward(self, parameters: Arrays, inputs: Array) -> tuple[Array, Pullback]:
        """Return the next values, shape (n,), of inputs (n, order + noise), and the pull-back of their gradient."""
        scales, angles, weights, offset = parameters
        z, tape = self._ansatz.forward(angles, self._ansatz.encode(scales * inputs))
        values, to_readout = linear(z, weights, offset)

        def pull_back(gradient: Array) -> Arrays:
            column = gradient[:, None]
            of_angles, of_features = self._ansatz.backward_to_features(tape, column @ weights.T)
            return [(of_features * inputs).sum(axis=0), of_angles, *to_readout(column)]

        return values[:, 0], pull_back

    @cached_property
    def _ansatz(self) -> Ansatz:
        return Ansatz(self.order + self.noise, self.layers, entanglement=self.entanglement, reupload=True)


@dataclass(frozen=True)
class ClassicalGenerator:
    r"""One dense layer of tanh as a generator: the same inputs as :class:`QuantumGenerator`, the same training.

    Parameters
    ----------
    order, noise : int
        Past values and random numbers.
    hidden : int
        Units.

    Examples
    --------
    >>> generator = ClassicalGenerator(order=2, noise=2, hidden=8)
    >>> sum(p.size for p in generator.start(np.random.default_rng(1)))
    49

    References
    ----------
    Mirza, Osindero, "Conditional generative adversarial nets", 2014, arXiv:1411.1784.
    """

    order: int = 2
    noise: int = 2
    hidden: int = 16

    def __post_init__(self) -> None:
        as_count(self.order, "order", least=0)
        for name in ("noise", "hidden"):
            as_count(getattr(self, name), name)

    def start(self, rng: np.random.Generator) -> Arrays:
        """Draw the weights by the rule of Glorot and Bengio; offsets are zero."""
        return _start([self.order + self.noise, self.hidden], rng)

    def forward(self, parameters: Arrays, inputs: Array) -> tuple[Array, Pullback]:
        """Return the next values, shape (n,), of inputs (n, order + noise), and the pull-back of their gradient."""
        values, pull_back = _scores([inputs.shape[1], self.hidden], parameters, inputs)
        return values, lambda gradient: pull_back(gradient)[0]


@dataclass(frozen=True)
class TrainedGenerator:
    """A generator with its parameters and the scale of the trace it was trained on.

    Parameters
    ----------
    generator : Generator
    parameters : list of ndarray
        The mean over its last steps.
    mean, spread : float
        Of the trace, in dB: the generator itself works in units of the spread.
    """

    generator: Generator
    parameters: Arrays
    mean: float
    spread: float

    @property
    def n_parameters(self) -> int:
        """How many numbers were trained."""
        return sum(p.size for p in self.parameters)

    def simulate(self, n_traces: int, length: int, rng: Any = None) -> NDArray[np.float64]:
        """Return independent traces, in dB, shape (n_traces, length); 100 steps before them are thrown away."""
        n, length, rng = as_count(n_traces, "n_traces"), as_count(length, "length"), as_rng(rng)
        past = rng.normal(size=(n, self.generator.order))
        made = np.empty((n, _WARM_UP + length))
        for t in range(made.shape[1]):
            inputs = np.hstack([past, rng.normal(size=(n, self.generator.noise))])
            made[:, t] = self.generator.forward(self.parameters, inputs)[0]
            past = np.hstack([made[:, t, None], past])[:, : self.generator.order]
        return self.mean + self.spread * made[:, -length:]


def train_gan(
    trace: ArrayLike,
    generator: Generator | None = None,
    *,
    steps: int = 3000,
    batch_size: int = 64,
    learning_rate: float = 0.001,
    critic_rate: float = 0.003,
    rng: Any = None,
) -> TrainedGenerator:
    r"""Train a generator against a critic on one trace.

    .. math:: \min_D\; \mathbb{E} \ln\bigl(1 + e^{-D(x_{t-p}, \dots, x_t)}\bigr)
              + \mathbb{E} \ln\bigl(1 + e^{D(x_{t-p}, \dots, G)}\bigr), \qquad
              \min_G\; \mathbb{E} \ln\bigl(1 + e^{-D(x_{t-p}, \dots, G)}\bigr)

    The past is measured, or what the generator has made of a measured one in some steps, eight on average: small faults add up,
    and the critic shall see it. The critic has two dense layers of 16 units, for either generator.

    Parameters
    ----------
    trace : array_like, shape (n,)
        Consecutive values, in dB.
    generator : Generator, optional
        None: a :class:`QuantumGenerator` of four qubits.
    steps : int
        One step of the critic and one of the generator, each.
    batch_size : int
        Rows of each step, drawn with replacement.
    learning_rate, critic_rate : float
        Of Adam, for the generator and the critic, above 0.
    rng : None, int or numpy.random.Generator
        Start, batches and noise.

    Returns
    -------
    TrainedGenerator

    Raises
    ------
    ValueError
        If the trace is too short, constant or not finite, or the training leaves the finite numbers.

    Examples
    --------
    >>> from qlearn.control.adaptive_qkd import loss_traces
    >>> made = train_gan(loss_traces("lognormal", 1, 500, rng=1)[0], ClassicalGenerator(order=1), steps=50, rng=1)
    >>> made.n_parameters, made.simulate(3, 10, rng=1).shape
    (81, (3, 10))

    References
    ----------
    Goodfellow et al., "Generative adversarial nets", 2014, arXiv:1406.2661.
    """
    player: Generator = QuantumGenerator() if generator is None else generator
    if not all(hasattr(player, name) for name in ("order", "noise", "start", "forward")):
        raise TypeError(
            f"generator must have order, noise, start and forward, such as QuantumGenerator(), not {generator!r}"
        )
    order, x = player.order, as_trace(trace, player.order)
    steps, size = as_count(steps, "steps"), as_count(batch_size, "batch_size", least=2)
    rates = as_real(learning_rate, "learning_rate", above=0.0), as_real(critic_rate, "critic_rate", above=0.0)
    ours, theirs = (Adam(rate, _DECAY) for rate in rates)
    rng = as_rng(rng)
    mean, spread = float(x.mean()), float(x.std())
    # The newest value comes first, as in the generator's inputs.
    rows = np.lib.stride_tricks.sliding_window_view((x - mean) / spread, order + 1)[:, ::-1]
    # Neighbours in a trace are nearly equal: whitened, the critic sees what is new in a value.
    covariance = np.atleast_2d(np.cov(rows[:, ::-1].T)) + _LEAST_NEWS * np.eye(order + 1)
    whitening: Array = np.linalg.inv(np.linalg.cholesky(covariance)).T[::-1]
    sizes = [order + 1, _CRITIC_UNITS, _CRITIC_UNITS]
    found, critic = player.start(rng), _start(sizes, rng)
    averaged, past = found, rows[rng.integers(len(rows), size=size), :order]
    for step in range(steps):
        real = rows[rng.integers(len(rows), size=size)]
        begun = rng.random(size) < _BEGUN_ANEW
        past = np.where(begun[:, None], rows[rng.integers(len(rows), size=size), :order], past)
        values, pull_back = player.forward(found, np.hstack([past, rng.normal(size=(size, player.noise))]))
        fake = np.hstack([values[:, None], past])
        past = fake[:, :order]
        scores, to_critic = _scores(sizes, critic, np.vstack([real, fake]) @ whitening)
        slopes = expit(scores)
        slopes[:size] -= 1
        critic = theirs.step(critic, to_critic(slopes / size)[0])
        scores, to_critic = _scores(sizes, critic, fake @ whitening)
        of_values = to_critic(-expit(-scores) / size)[1] @ whitening[0]
        found = ours.step(found, pull_back(of_values))
        kept = min(_AVERAGED, step / (step + 1))
        averaged = [kept * a + (1 - kept) * f for a, f in zip(averaged, found, strict=True)]
    if not all(np.isfinite(p).all() for p in (*found, *critic)):
        raise ValueError("training has left the finite numbers: take a smaller learning_rate or critic_rate")
    return TrainedGenerator(player, averaged, mean, spread)


def _start(sizes: list[int], rng: np.random.Generator) -> Arrays:
    """Return first parameters of dense layers and a linear readout of one number."""
    most = np.sqrt(6 / (sizes[-1] + 1))
    return [*DenseLayers(sizes).start(rng), rng.uniform(-most, most, (sizes[-1], 1)), np.zeros(1)]


def _scores(
    sizes: list[int], parameters: Arrays, inputs: Array
) -> tuple[Array, Callable[[Array], tuple[Arrays, Array]]]:
    """Return one score a row, shape (n,), and the map from its gradient to those in the parameters and in the inputs."""
    dense, hidden, (weights, offset) = DenseLayers(sizes), parameters[:-2], parameters[-2:]
    units, tape = dense.forward(hidden, inputs)
    values, to_readout = linear(units, weights, offset)

    def pull_back(gradient: Array) -> tuple[Arrays, Array]:
        column = gradient[:, None]
        back = column @ weights.T
        gradients = [*dense.backward(hidden, tape, back), *to_readout(column)]
        for after, matrix in zip(tape[:0:-1], hidden[-2::-2], strict=True):
            back = (back * (1 - after**2)) @ matrix.T
        return gradients, back

    return values[:, 0], pull_back
