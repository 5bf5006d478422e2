"""Quantum learning: kernels, networks and the data to try them on, on scikit-learn's terms.

Names load on first use, so that scikit-learn is imported only by what needs it.

>>> from qlearn.learning import FidelityKernel
>>> FidelityKernel("z", reps=1).gram([[0.0], [0.5]]).round(3)
array([[1.  , 0.77],
       [0.77, 1.  ]])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qlearn.learning.decision_trees import QuantumDecisionTreeClassifier, QuantumForestClassifier
    from qlearn.learning.encodings.feature_maps import PhaseMap
    from qlearn.learning.neural_networks.qnn import QNNClassifier, QNNRegressor
    from qlearn.learning.qsvm.ad_hoc import AdHocData, ad_hoc_data, parity_expectation
    from qlearn.learning.qsvm.alignment import KernelAligner
    from qlearn.learning.qsvm.fidelity_kernel import FidelityKernel, overlap
    from qlearn.learning.qsvm.projected_kernel import ProjectedKernel
    from qlearn.learning.qsvm.qsvc import QSVC

_HOMES = {
    "AdHocData": "qsvm.ad_hoc",
    "FidelityKernel": "qsvm.fidelity_kernel",
    "KernelAligner": "qsvm.alignment",
    "PhaseMap": "encodings.feature_maps",
    "ProjectedKernel": "qsvm.projected_kernel",
    "QNNClassifier": "neural_networks.qnn",
    "QNNRegressor": "neural_networks.qnn",
    "QSVC": "qsvm.qsvc",
    "QuantumDecisionTreeClassifier": "decision_trees",
    "QuantumForestClassifier": "decision_trees",
    "ad_hoc_data": "qsvm.ad_hoc",
    "overlap": "qsvm.fidelity_kernel",
    "parity_expectation": "qsvm.ad_hoc",
}
_ROOMS = (
    "barren_plateaus",
    "circuit_search",
    "comparison",
    "components",
    "decision_trees",
    "encodings",
    "neural_networks",
    "optimisation",
    "qsvm",
    "reinforcement",
)

__all__ = [
    "QSVC",
    "AdHocData",
    "FidelityKernel",
    "KernelAligner",
    "PhaseMap",
    "ProjectedKernel",
    "QNNClassifier",
    "QNNRegressor",
    "QuantumDecisionTreeClassifier",
    "QuantumForestClassifier",
    "ad_hoc_data",
    "overlap",
    "parity_expectation",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name in _HOMES:
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value  # the next look-up does not come here
        return value
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}; it offers {', '.join([*__all__, *_ROOMS])}"
    )


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_ROOMS})
