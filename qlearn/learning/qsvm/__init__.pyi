from .ad_hoc import (
    AdHocData as AdHocData,
    ad_hoc_data as ad_hoc_data,
    parity_expectation as parity_expectation,
)
from .alignment import KernelAligner as KernelAligner, kernel_alignment as kernel_alignment
from .bandwidth import scaled_kernel as scaled_kernel
from .concentration import Concentration as Concentration, measure_concentration as measure_concentration
from .counted_kernel import CountedKernel as CountedKernel
from .fidelity_kernel import FidelityKernel as FidelityKernel, overlap as overlap
from .gaussian_process import GaussianProcessKernel as GaussianProcessKernel
from .geometric_differences import (
    geometric_difference as geometric_difference,
    hardest_targets as hardest_targets,
    model_complexity as model_complexity,
    training_difference as training_difference,
    training_error as training_error,
)
from .kernel_training import KernelTrainer as KernelTrainer
from .nystroem import QuantumNystroem as QuantumNystroem
from .one_class import OneClassQSVM as OneClassQSVM
from .projected_kernel import ProjectedKernel as ProjectedKernel
from .qsvc import QSVC as QSVC
from .qsvr import QSVR as QSVR
from .shot_noise import (
    sampled_gram as sampled_gram,
    shots_for_psd as shots_for_psd,
    to_psd as to_psd,
)
