"""Kernels of quantum states: how alike rows are, and machines that see nothing else.

>>> from qlearn.learning.qsvm import FidelityKernel, geometric_difference
>>> K = FidelityKernel("z", reps=1).gram([[0.0], [0.5]])
>>> round(geometric_difference(K, K), 6)  # no kernel differs from itself
1.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qlearn.learning.qsvm.ad_hoc import AdHocData, ad_hoc_data, parity_expectation
    from qlearn.learning.qsvm.alignment import KernelAligner, kernel_alignment
    from qlearn.learning.qsvm.concentration import Concentration, measure_concentration
    from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, overlap
    from qlearn.learning.qsvm.geometric_differences import (
        geometric_difference,
        hardest_targets,
        model_complexity,
        training_difference,
        training_error,
    )
    from qlearn.learning.qsvm.projected_kernel import ProjectedKernel
    from qlearn.learning.qsvm.qsvc import QSVC
    from qlearn.learning.qsvm.shot_noise import counted_gram, shots_for_psd, to_psd

# Loaded on first use, so that scikit-learn is imported only by what needs it.
_HOMES = {
    "AdHocData": "ad_hoc",
    "Concentration": "concentration",
    "FidelityKernel": "fidelity_kernel",
    "KernelAligner": "alignment",
    "ProjectedKernel": "projected_kernel",
    "QSVC": "qsvc",
    "ad_hoc_data": "ad_hoc",
    "counted_gram": "shot_noise",
    "geometric_difference": "geometric_differences",
    "hardest_targets": "geometric_differences",
    "kernel_alignment": "alignment",
    "measure_concentration": "concentration",
    "model_complexity": "geometric_differences",
    "overlap": "fidelity_kernel",
    "parity_expectation": "ad_hoc",
    "shots_for_psd": "shot_noise",
    "to_psd": "shot_noise",
    "training_difference": "geometric_differences",
    "training_error": "geometric_differences",
}

__all__ = [
    "QSVC",
    "AdHocData",
    "Concentration",
    "FidelityKernel",
    "KernelAligner",
    "ProjectedKernel",
    "ad_hoc_data",
    "counted_gram",
    "geometric_difference",
    "hardest_targets",
    "kernel_alignment",
    "measure_concentration",
    "model_complexity",
    "overlap",
    "parity_expectation",
    "shots_for_psd",
    "to_psd",
    "training_difference",
    "training_error",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value  # the next look-up does not come here
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
