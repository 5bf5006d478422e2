"""A kernel as it is counted on a quantum computer."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn.learning._estimators import as_generator
from qlearn.learning.qsvm.shot_noise import sampled_gram, to_psd


@dataclass(frozen=True)
class CountedKernel:
    """A fidelity kernel whose entries are counted from shots."""

    kernel: Any
    shots: int | None = 1000
    noise: float = field(default=0.0, kw_only=True)
    device: Any = field(default=None, kw_only=True)
    repair: Literal["clip", "shift"] | None = field(default="clip", kw_only=True)
    random_state: Any = field(default=None, kw_only=True)

    def gram(self, X: ArrayLike, Y: ArrayLike | None = None, *, rng: Any = None) -> NDArray[np.float64]:
        """Return the counted table."""
        rng = as_generator(self.random_state if rng is None else rng)
        exact = self.kernel.gram(X, Y)
        q = self.kernel.map.n_qubits(np.shape(X)[1])
        table = sampled_gram(exact, self.shots, q if self.noise else None, noise=self.noise, rng=rng)
        return to_psd(table, self.repair) if Y is None and self.repair else table
