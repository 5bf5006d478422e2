r"""Server optimisers: the mean of the clients' steps is taken for a gradient, and the server descends along it.

In all of them :math:`\Delta` is the mean of the clients' models, weighted by their samples as in
:class:`~qlearn.networks.federated.FedAvg`, less the model that they were sent. A claimed number of samples is believed.

Ten rounds towards (1, 1), where the clients step half of what is left in one parameter and a two-hundredth in the other:

>>> from qlearn.networks.federated import FedAdagrad, FedAdam, FedAvg, FedAvgM, FedYogi
>>> for strategy in (FedAvg(), FedAvgM(), FedAdam(), FedYogi(), FedAdagrad()):
...     model = [np.zeros(2)]
...     state = strategy.start(model)
...     for _ in range(10):
...         sent = model[0] + [0.5, 0.005] * (1 - model[0])
...         model, state = strategy.aggregate([([sent], 10)], model, state)
...     print(f"{type(strategy).__name__:10}", model[0].round(2))
FedAvg     [1.   0.05]
FedAvgM    [0.91 0.2 ]
FedAdam    [0.92 0.48]
FedYogi    [0.17 0.09]
FedAdagrad [0.45 0.4 ]

The settings are those that each has if none is given, and none is tuned: the learning rates are not comparable.
"""

from abc import abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import Any

import numpy as np

from qlearn._checks import as_choice, as_real
from qlearn._types import Array, Arrays
from qlearn.networks.federated._shared import Asking
from qlearn.networks.federated.aggregation import Updates

CORRECTIONS = ("adam", "flower", "none")


@dataclass(frozen=True)
class FedAvgM(Asking):
    r"""Federated averaging with momentum on the server.

    .. math:: v \leftarrow \beta v + \Delta, \qquad \theta \leftarrow \theta + \eta\, v, \qquad v_0 = 0

    With momentum 0 and learning rate 1 it is :class:`~qlearn.networks.federated.FedAvg`. Flower's class of this name
    computes the same; there the momentum is 0 unless it is given.

    Parameters
    ----------
    server_learning_rate : float
        Step :math:`\eta`, above 0.
    server_momentum : float
        What is kept of the last step, :math:`\beta`, from 0 to below 1.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    Two rounds in which the mean of the clients is 1 ahead of the model that they were sent.

    >>> from qlearn.networks.federated import FedAvgM
    >>> strategy, model = FedAvgM(server_momentum=0.5), [np.array([0.0])]
    >>> state = strategy.start(model)
    >>> for _ in range(2):
    ...     model, state = strategy.aggregate([([model[0] + 1], 10)], model, state)
    >>> model
    [array([2.5])]

    References
    ----------
    Hsu, Qi, Brown, "Measuring the effects of non-identical data distribution for federated visual classification", 2019,
    arXiv:1909.06335.
    """

    server_learning_rate: float = 1.0
    server_momentum: float = 0.9

    def __post_init__(self) -> None:
        super().__post_init__()
        as_real(self.server_learning_rate, "server_learning_rate", above=0)
        _decay(self.server_momentum, "server_momentum")

    def start(self, model: Arrays) -> Arrays:
        """Return the velocity before the first round: 0, in the shapes of the model."""
        return [np.zeros_like(p) for p in model]

    def aggregate(self, updates: Updates, current: Arrays, state: Any = None) -> tuple[Arrays, Arrays]:
        """Return the next model and the next velocity."""
        mean, _ = super().aggregate(updates, current)
        last = self.start(current) if state is None else state
        velocity = [self.server_momentum * v + m - p for v, m, p in zip(last, mean, current, strict=True)]
        return [p + self.server_learning_rate * v for p, v in zip(current, velocity, strict=True)], velocity


@dataclass(frozen=True)
class _FedOpt(Asking):
    """The part that FedAdam, FedYogi and FedAdagrad share: algorithm 2 of Reddi et al."""

    eta: float = 0.1
    _: KW_ONLY
    beta_1: float = 0.9
    tau: float = 1e-3
    v_0: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        as_real(self.eta, "eta", above=0)
        _decay(self.beta_1, "beta_1")
        as_real(self.tau, "tau", above=0)
        if as_real(self.v_0, "v_0") < 0:
            raise ValueError(f"v_0 must be at least 0, not {self.v_0}: it stands for a square")

    def start(self, model: Arrays) -> dict[str, Any]:
        """Return the state before the first round: both moments, and the number of steps made."""
        return {
            "m": [np.zeros_like(p) for p in model],
            "v": [np.full_like(p, self.v_0) for p in model],
            "steps": 0,
        }

    def aggregate(
        self, updates: Updates, current: Arrays, state: Any = None
    ) -> tuple[Arrays, dict[str, Any]]:
        """Return the next model and the next moments."""
        mean, _ = super().aggregate(updates, current)
        last = self.start(current) if state is None else state
        delta = [m - p for m, p in zip(mean, current, strict=True)]
        first = [self.beta_1 * m + (1 - self.beta_1) * d for m, d in zip(last["m"], delta, strict=True)]
        second = [self._second(v, d * d) for v, d in zip(last["v"], delta, strict=True)]
        steps = last["steps"] + 1
        rate = self.eta * self._correction(steps)
        moved = [
            p + rate * m / (np.sqrt(v) + self.tau) for p, m, v in zip(current, first, second, strict=True)
        ]
        return moved, {"m": first, "v": second, "steps": steps}

    @abstractmethod
    def _second(self, v: Array, squared: Array) -> Array:
        """Return the next second moment, from the last and the square of this step."""

    def _correction(self, steps: int) -> float:
        """Return what the rate of this step is multiplied by."""
        return 1.0


@dataclass(frozen=True)
class FedAdam(_FedOpt):
    r"""Adam on the server: the step is scaled by a running mean of its square, one scale a parameter.

    .. math:: m \leftarrow \beta_1 m + (1-\beta_1)\Delta, \quad v \leftarrow \beta_2 v + (1-\beta_2)\Delta^2, \quad
              \theta \leftarrow \theta + \eta\, c_t \frac{m}{\sqrt v + \tau}

    Three conventions for :math:`c_t = \sqrt{1-\beta_2^k}/(1-\beta_1^k)` are in use, and the first steps differ by them:
    "adam", with :math:`k = t`, is Kingma and Ba's, and its first step is :math:`\eta` in each parameter, but for
    :math:`\tau`; "flower", with :math:`k = t + 1`, is that of Flower's class of this name, whose first step is
    :math:`.742\,\eta` at the betas given here; "none", :math:`c_t = 1`, is that of Reddi et al., who also start from
    :math:`v_0 \ge \tau^2`. Here :math:`t` counts the steps made, from 1; Flower counts rounds, also those that made none.

    Parameters
    ----------
    eta : float
        Learning rate of the server, above 0.
    beta_1 : float
        Decay of the mean of the steps, from 0 to below 1.
    tau : float
        Keeps the division finite, above 0: the smaller, the more alike in size are the steps of all parameters.
    v_0 : float
        Second moment before the first round; 0 as in Flower, ``tau**2`` or more in the paper.
    beta_2 : float
        Decay of the mean of the squares, from 0 to below 1.
    bias_correction : str
        "adam", "flower" or "none".
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    The first step is very nearly `eta` in each parameter, however far the clients have moved; Flower's is shorter.

    >>> from qlearn.networks.federated import FedAdam
    >>> answer, current = [([np.array([7.0, -0.5])], 10)], [np.array([0.0, 0.0])]
    >>> for convention in ("adam", "flower"):
    ...     print(FedAdam(eta=0.1, bias_correction=convention).aggregate(answer, current)[0][0].round(3))
    [ 0.1   -0.098]
    [ 0.074 -0.073]

    References
    ----------
    Reddi et al., "Adaptive federated optimization", ICLR 2021, arXiv:2003.00295, algorithm 2; Kingma, Ba, 2015,
    arXiv:1412.6980, algorithm 1.
    """

    _: KW_ONLY
    beta_2: float = 0.99
    bias_correction: str = "adam"

    def __post_init__(self) -> None:
        super().__post_init__()
        _decay(self.beta_2, "beta_2")
        as_choice(self.bias_correction, CORRECTIONS, "bias_correction")

    def _second(self, v: Array, squared: Array) -> Array:
        return self.beta_2 * v + (1 - self.beta_2) * squared

    def _correction(self, steps: int) -> float:
        if self.bias_correction == "none":
            return 1.0
        k = steps + (self.bias_correction == "flower")
        return float(np.sqrt(1 - self.beta_2**k) / (1 - self.beta_1**k))


@dataclass(frozen=True)
class FedYogi(_FedOpt):
    r"""Yogi on the server: as FedAdam, but the second moment changes by at most a part of the squared step.

    .. math:: v \leftarrow v - (1-\beta_2)\,\Delta^2 \operatorname{sign}(v - \Delta^2), \qquad
              \theta \leftarrow \theta + \eta \frac{m}{\sqrt v + \tau}

    After a large step Adam forgets it at a rate that does not depend on the steps that follow; Yogi forgets it more slowly
    where they are small. No bias is corrected, as in Flower and in the paper; from :math:`v_0 = 0` the first step is
    :math:`\eta` in each parameter at the betas given here, but for :math:`\tau`.

    Parameters
    ----------
    eta : float
        Learning rate of the server, above 0; .01 as in Flower.
    beta_1 : float
        Decay of the mean of the steps, from 0 to below 1.
    tau : float
        Keeps the division finite, above 0.
    v_0 : float
        Second moment before the first round; 0 as in Flower, ``tau**2`` or more in the paper.
    beta_2 : float
        The second moment moves by (1 - `beta_2`) of the squared step; from 0 to below 1.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    >>> from qlearn.networks.federated import FedYogi
    >>> FedYogi(eta=0.1).aggregate([([np.array([7.0, -0.5])], 10)], [np.array([0.0, 0.0])])[0][0].round(3)
    array([ 0.1  , -0.098])

    References
    ----------
    Reddi et al., "Adaptive federated optimization", ICLR 2021, arXiv:2003.00295, algorithm 2; Zaheer et al., "Adaptive
    methods for nonconvex optimization", NeurIPS 2018.
    """

    eta: float = 0.01
    _: KW_ONLY
    beta_2: float = 0.99

    def __post_init__(self) -> None:
        super().__post_init__()
        _decay(self.beta_2, "beta_2")

    def _second(self, v: Array, squared: Array) -> Array:
        moved: Array = v - (1 - self.beta_2) * squared * np.sign(v - squared)
        return moved


@dataclass(frozen=True)
class FedAdagrad(_FedOpt):
    r"""Adagrad on the server: the step is scaled by the root of the sum of all squared steps so far.

    .. math:: v \leftarrow v + \Delta^2, \qquad \theta \leftarrow \theta + \eta \frac{m}{\sqrt v + \tau}

    Steps only get shorter. The paper's algorithm has a first moment here, too, and its experiments set :math:`\beta_1 = 0`,
    as do Flower, whose class of this name has no such option, and the default here.

    Parameters
    ----------
    eta : float
        Learning rate of the server, above 0.
    beta_1 : float
        Decay of the mean of the steps, from 0 to below 1.
    tau : float
        Keeps the division finite, above 0.
    v_0 : float
        Second moment before the first round; 0 as in Flower, ``tau**2`` or more in the paper.
    local_epochs, fraction
        As in :class:`~qlearn.networks.federated.FedAvg`; by name only.

    Examples
    --------
    Equal steps of the clients become steps of eta, eta / sqrt(2), eta / sqrt(3), ... of the server.

    >>> from qlearn.networks.federated import FedAdagrad
    >>> strategy, model, state = FedAdagrad(eta=1.0), [np.array([0.0])], None
    >>> for _ in range(3):
    ...     model, state = strategy.aggregate([([model[0] + 100], 10)], model, state)
    ...     print(model[0].round(3))
    [1.]
    [1.707]
    [2.284]

    References
    ----------
    Reddi et al., "Adaptive federated optimization", ICLR 2021, arXiv:2003.00295, algorithm 2.
    """

    _: KW_ONLY
    beta_1: float = 0.0

    def _second(self, v: Array, squared: Array) -> Array:
        return v + squared


def _decay(x: Any, name: str) -> None:
    """Refuse what is no decay: all but 0 to below 1."""
    if not 0 <= as_real(x, name) < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, not {x}: at 1 nothing is ever forgotten")
