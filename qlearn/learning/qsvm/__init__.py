"""Kernels of quantum states: how alike rows are, and machines that see nothing else.

>>> from qlearn.learning.qsvm import FidelityKernel, geometric_difference
>>> K = FidelityKernel("z", reps=1).gram([[0.0], [0.5]])
>>> round(geometric_difference(K, K), 6)  # no kernel differs from itself
1.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qlearn.learning.qsvm.adhoc import AdHocData, ad_hoc_data, parity_expectation
    from qlearn.learning.qsvm.aligner import KernelAligner
    from qlearn.learning.qsvm.alignment import kernel_alignment
    from qlearn.learning.qsvm.concentration import Concentration, measure_concentration
    from qlearn.learning.qsvm.geometric import (
        geometric_difference,
        hardest_targets,
        model_complexity,
        training_difference,
        training_error,
    )
    from qlearn.learning.qsvm.kernels import FidelityKernel
    from qlearn.learning.qsvm.overlaps import overlap
    from qlearn.learning.qsvm.projected import ProjectedKernel
    from qlearn.learning.qsvm.psd import to_psd
    from qlearn.learning.qsvm.shots import counted_gram, shots_for_psd
    from qlearn.learning.qsvm.svc import QSVC

# Loaded on first use, so that scikit-learn is imported only by what needs it.
_HOMES = {
    "AdHocData": "adhoc",
    "Concentration": "concentration",
    "FidelityKernel": "kernels",
    "KernelAligner": "aligner",
    "ProjectedKernel": "projected",
    "QSVC": "svc",
    "ad_hoc_data": "adhoc",
    "counted_gram": "shots",
    "geometric_difference": "geometric",
    "hardest_targets": "geometric",
    "kernel_alignment": "alignment",
    "measure_concentration": "concentration",
    "model_complexity": "geometric",
    "overlap": "overlaps",
    "parity_expectation": "adhoc",
    "shots_for_psd": "shots",
    "to_psd": "psd",
    "training_difference": "geometric",
    "training_error": "geometric",
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
