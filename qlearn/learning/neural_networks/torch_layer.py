"""A circuit in a PyTorch network: its expectation values as a layer, with the exact gradient."""

from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from qlearn.learning.neural_networks._outside import as_differentiable, imported

if TYPE_CHECKING:
    from torch.nn import Module


def as_torch(ansatz: Any, angles: ArrayLike | None = None) -> "Module":
    r"""Return the expectation values of a circuit, shape (..., observables), as a module of PyTorch.

    .. math:: z_k(x) = \langle O_k \rangle_\theta(x), \qquad
              \frac{\partial L}{\partial \theta}, \frac{\partial L}{\partial x}
              \;\text{ from }\; \frac{\partial L}{\partial z}

    The module takes a tensor of features in radians, shape (..., n_features), and has one parameter, ``angles``. The
    values and both gradients are those of the circuit itself, computed in double precision on the processor by one sweep
    back; the answer has the precision and the device of the features. So it stands between other layers, and any
    optimiser of PyTorch trains it::

        network = torch.nn.Sequential(torch.nn.Linear(20, 4), as_torch(Ansatz(4, 2)), torch.nn.Linear(4, 1))

    Second derivatives are refused. A layer written this way does not go through ``torch.compile`` or ``torch.func``.

    Parameters
    ----------
    ansatz : Ansatz, CircuitAnsatz or Circuit
        The circuit; of a fitted network its ``ansatz_``, if its `encoding` is the default: of another encoding the ansatz knows
        nothing (a feature map comes before a circuit by its ``template``, and its ``columns`` are the features).
        In a circuit with free angles the parameters ``x[0]``, ``x[1]``, ...
        are the features and all others its angles, in the order of ``circuit.parameters``.
    angles : array_like, optional
        Where they start, of the circuit's shape, in radians. None draws them uniformly in :math:`\pm\pi` from PyTorch's own
        generator, which ``torch.manual_seed`` governs.

    Returns
    -------
    torch.nn.Module

    Raises
    ------
    ModuleNotFoundError
        If PyTorch is not installed: it is the extra ``torch``.
    ValueError, TypeError
        If `ansatz` is no circuit or the angles do not fit it; by the module, if what it is given are no features.
    NotImplementedError
        By a gradient of the gradient.

    Examples
    --------
    >>> as_torch("a circuit")
    Traceback (most recent call last):
    TypeError: ansatz must be an Ansatz such as ...

    References
    ----------
    Paszke et al., "PyTorch: an imperative style, high-performance deep learning library", 2019, arXiv:1912.01703.
    Jones, Gacon, 2020, arXiv:2009.02823 (the adjoint sweep).
    """
    ansatz = as_differentiable(ansatz)
    imported("torch")
    from qlearn.learning.neural_networks._torch_module import TorchLayer

    return TorchLayer(ansatz, angles)
