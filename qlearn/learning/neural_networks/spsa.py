"""SPSA, simultaneous perturbation stochastic approximation: descent from two values of the loss a step, and no gradient."""

from collections.abc import Callable

import numpy as np

from qlearn._checks import as_real
from qlearn._types import Arrays


class SPSA:
    r"""Descent along a gradient estimated from two values of the loss, however many parameters there are.

    .. math:: \hat g_k = \frac{L(\theta + c_k\Delta) - L(\theta - c_k\Delta)}{2 c_k}\,\Delta, \qquad
              \theta \leftarrow \theta - a_k\,\hat g_k, \qquad
              a_k = \eta\Bigl(\frac{1 + A}{k + 1 + A}\Bigr)^{0.602}, \quad c_k = \frac{c}{(k + 1)^{0.101}}

    with :math:`\Delta` a vector of random signs. For a smooth loss the estimate is right in the mean, up to terms of
    :math:`c_k^2`; its noise grows with the number of parameters. It is meant for values that come from shots: there the
    exact gradient costs two runs for every angle.

    Parameters
    ----------
    learning_rate : float
        :math:`\eta`, the first gain, above 0.
    shift : float
        c, the first perturbation (radians for an angle), above 0. Counted values need one well above their noise.
    stability : float
        A, in steps: how long the gain stays near its first value.

    Examples
    --------
    >>> import numpy as np
    >>> spsa, at, rng = SPSA(0.2), [np.array([1.0, -2.0])], np.random.default_rng(0)
    >>> bowl = lambda p: float(p[0] @ p[0])
    >>> for _ in range(100):
    ...     value, gradients = spsa.estimate(bowl, at, rng)
    ...     at = spsa.step(at, gradients)
    >>> bool(bowl(at) < 1e-6)
    True

    References
    ----------
    Spall, "Multivariate stochastic approximation using a simultaneous perturbation gradient approximation", 1992,
    doi:10.1109/9.119632.
    Spall, "Implementation of the simultaneous perturbation algorithm for stochastic optimization", 1998,
    doi:10.1109/7.705889 (the exponents).
    """

    def __init__(self, learning_rate: float = 0.05, shift: float = 0.1, stability: float = 10.0) -> None:
        self.learning_rate = as_real(learning_rate, "learning_rate", above=0)
        self.shift = as_real(shift, "shift", above=0)
        self.stability = as_real(stability, "stability", least=0)
        self._steps = 0

    def __repr__(self) -> str:
        settings = f"learning_rate={self.learning_rate!r}, shift={self.shift!r}, stability={self.stability!r}"
        return f"SPSA({settings})"

    def estimate(
        self, value: Callable[[Arrays], float], parameters: Arrays, rng: np.random.Generator
    ) -> tuple[float, Arrays]:
        """Return the mean of the two values of the loss, and the estimated gradients, of the shapes of `parameters`."""
        shift = self.shift / (self._steps + 1) ** 0.101
        signs = [rng.choice([-1.0, 1.0], p.shape) for p in parameters]
        ahead, behind = (
            value([p + side * shift * s for p, s in zip(parameters, signs, strict=True)]) for side in (1, -1)
        )
        slope = (ahead - behind) / (2 * shift)
        return (ahead + behind) / 2, [slope * s for s in signs]

    def step(self, parameters: Arrays, gradients: Arrays) -> Arrays:
        """Return the next parameters; the given ones are not changed."""
        rate = self.learning_rate * ((1 + self.stability) / (self._steps + 1 + self.stability)) ** 0.602
        self._steps += 1
        return [p - rate * g for p, g in zip(parameters, gradients, strict=True)]
