"""The PyTorch module behind `as_torch`: the one file that imports PyTorch."""

from typing import Any

import numpy as np
import torch
from torch.autograd import Function

from qlearn.learning.neural_networks._outside import SECOND, check_given, gradients, values


def _doubles(tensor: torch.Tensor) -> Any:
    # A copy: an optimiser writes into the angles between the way forward and the way back.
    return np.array(tensor.detach().to("cpu", torch.float64).numpy())


class _Gradient(Function):
    """The sweep back, as a step of its own: so that a gradient may stand in a graph, and only its gradient is refused."""

    @staticmethod
    def forward(
        ctx: Any, dz: torch.Tensor, angles: torch.Tensor, features: torch.Tensor, ansatz: Any, tape: Any
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        of_angles, of_features = gradients(ansatz, tape, _doubles(dz), features=features.requires_grad)
        first = torch.from_numpy(of_angles).to(angles)
        return first, None if of_features is None else torch.from_numpy(of_features).to(features)

    @staticmethod
    def backward(ctx: Any, *_: Any) -> Any:
        raise NotImplementedError(SECOND)


class _Expectations(Function):
    """The expectation values of rows, with the exact gradient of the library."""

    @staticmethod
    def forward(ctx: Any, angles: torch.Tensor, features: torch.Tensor, ansatz: Any) -> torch.Tensor:
        z, tape = values(ansatz, _doubles(angles), _doubles(features))
        ctx.save_for_backward(angles, features)
        ctx.ansatz, ctx.tape = ansatz, tape
        return torch.from_numpy(z).to(features)

    @staticmethod
    def backward(ctx: Any, dz: torch.Tensor) -> Any:
        angles, features = ctx.saved_tensors
        return (*_Gradient.apply(dz, angles, features, ctx.ansatz, ctx.tape), None)


class TorchLayer(torch.nn.Module):
    """The expectation values of a circuit as a layer; made by :func:`~qlearn.learning.neural_networks.as_torch`."""

    def __init__(self, ansatz: Any, angles: Any = None) -> None:
        super().__init__()
        self.ansatz = ansatz
        start = torch.empty(tuple(ansatz.shape), dtype=torch.float64).uniform_(-torch.pi, torch.pi)
        if angles is not None:
            given = torch.as_tensor(angles, dtype=torch.float64)
            if given.shape != start.shape:
                raise ValueError(
                    f"angles must have the shape {tuple(start.shape)} of this circuit, not {tuple(given.shape)}"
                )
            if not torch.isfinite(given).all():
                raise ValueError("angles must be finite, in radians; they hold NaN or infinity")
            start = given.detach().clone()
        self.angles = torch.nn.Parameter(start)

    def forward(self, features: torch.Tensor | None = None) -> torch.Tensor:
        """Return the expectation values, shape (..., observables), of features in radians, shape (..., n_features)."""
        check_given(self.ansatz, features)
        if features is None:
            features = self.angles.new_empty(0)
        if not isinstance(features, torch.Tensor) or not features.is_floating_point():
            what = features.dtype if isinstance(features, torch.Tensor) else type(features).__name__
            raise TypeError(f"features must be a tensor of real numbers such as torch.float64, not {what}")
        if not features.ndim:
            raise ValueError("features must have a last axis of features, and this is one number")
        rows = features.reshape(features.shape[:-1].numel(), features.shape[-1])
        z = _Expectations.apply(self.angles, rows, self.ansatz)
        return z.reshape(*features.shape[:-1], z.shape[-1])

    def extra_repr(self) -> str:
        """Say which circuit it is."""
        return repr(self.ansatz)
