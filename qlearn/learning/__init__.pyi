from . import (
    barren_plateaus as barren_plateaus,
    circuit_search as circuit_search,
    comparison as comparison,
    components as components,
    decision_trees as decision_trees,
    encodings as encodings,
    neural_networks as neural_networks,
    optimisation as optimisation,
    qsvm as qsvm,
    reinforcement as reinforcement,
)
from .decision_trees import (
    QuantumDecisionTreeClassifier as QuantumDecisionTreeClassifier,
    QuantumForestClassifier as QuantumForestClassifier,
)
from .encodings.feature_maps import ZZFeatureMap as ZZFeatureMap
from .neural_networks.qnn import QNNClassifier as QNNClassifier, QNNRegressor as QNNRegressor
from .qsvm.ad_hoc import (
    AdHocData as AdHocData,
    ad_hoc_data as ad_hoc_data,
    parity_expectation as parity_expectation,
)
from .qsvm.alignment import KernelAligner as KernelAligner
from .qsvm.counted_kernel import CountedKernel as CountedKernel
from .qsvm.fidelity_kernel import FidelityKernel as FidelityKernel
from .qsvm.gaussian_process import GaussianProcessKernel as GaussianProcessKernel
from .qsvm.kernel_training import KernelTrainer as KernelTrainer
from .qsvm.nystroem import QuantumNystroem as QuantumNystroem
from .qsvm.one_class import OneClassQSVM as OneClassQSVM
from .qsvm.projected_kernel import ProjectedKernel as ProjectedKernel
from .qsvm.qsvc import QSVC as QSVC
from .qsvm.qsvr import QSVR as QSVR
