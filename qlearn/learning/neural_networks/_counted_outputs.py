"""How a model's circuit is read: exactly, or by counted runs on NumPy or on a device."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qlearn._checks import as_choice, as_count, as_probability
from qlearn.learning._estimators import as_generator
from qlearn.learning.neural_networks.l_bfgs import LBFGS
from qlearn.learning.neural_networks.sampled import SampledExpectations

GRADIENTS = ("auto", "adjoint", "parameter-shift")


class CountedOutputs:
    """What a model with `ansatz_`, `shots`, `noise`, `device` and `gradient` reads its circuit by.

    The outcomes of one call are drawn from one stream: in a training from that of its batches, in a prediction from
    `random_state` anew, so that the same rows are predicted alike where that is a number.
    """

    ansatz_: Any
    shots: int | None
    noise: float
    device: Any
    gradient: str
    random_state: Any
    optimizer: Any

    def _is_counted(self) -> bool:
        """Return whether anything but the exact simulator reads the circuit."""
        exact = self.shots is None and self.device is None and not self.noise
        return not exact or self.gradient == "parameter-shift"

    def _read_by(self) -> Any:
        """Return what has the ansatz's `forward` and `backward`."""
        if not self._is_counted():
            return self.ansatz_
        return vars(self).get("_counted") or self._new_counted(self.random_state)

    def _new_counted(self, rng: Any) -> SampledExpectations:
        return SampledExpectations(
            self.ansatz_, self.shots, device=self.device, noise=self.noise, rng=as_generator(rng)
        )

    @contextmanager
    def _running(self, rng: Any = None) -> Iterator[None]:
        """Draw all outcomes of the block from one stream: `rng`, or one that `random_state` begins."""
        if not self._is_counted() or "_counted" in vars(self):
            yield
            return
        self._counted = self._new_counted(self.random_state if rng is None else rng)
        try:
            yield
        finally:
            vars(self).pop("_counted", None)  # a callback that sets the model back has removed it

    def _check_options(self) -> None:
        super()._check_options()  # type: ignore[misc]
        as_choice(self.gradient, GRADIENTS, "gradient")
        if self.shots is not None:
            as_count(self.shots, "shots")
        noise = as_probability(self.noise, "noise")
        if noise and self.device is not None:
            raise ValueError(f"noise must be 0 with a device, not {noise:g}: the device brings its own noise")
        if not (self.shots is not None or self.device is not None or noise):
            return
        if self.gradient == "adjoint":
            raise ValueError(
                "gradient must be 'auto' or 'parameter-shift' with shots, noise or a device, not 'adjoint': that undoes "
                "gates on a state, which only the exact simulator has"
            )
        if (self.shots is not None or self.device is not None) and (
            isinstance(self.optimizer, LBFGS) or self.optimizer == "l-bfgs"
        ):
            raise ValueError(
                "optimizer must be 'adam', 'sgd', 'spsa' or an object of that kind with shots or a device, not "
                f"{self.optimizer!r}: its line search takes every difference of values for a real one"
            )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]
        tags.non_deterministic = self._draws()
        return tags

    def _more_tags(self) -> dict[str, bool]:
        # scikit-learn 1.5 asks here.
        return {"non_deterministic": self._draws()}

    def _draws(self) -> bool:
        """Return whether scores are drawn at random."""
        return self.shots is not None or self.device is not None
