from .channel_traces import (
    TRACES as TRACES,
    Autoregression as Autoregression,
    TraceModel as TraceModel,
    fit_autoregression as fit_autoregression,
    loss_traces as loss_traces,
)
from .generative_adversarial import (
    ClassicalGenerator as ClassicalGenerator,
    QuantumGenerator as QuantumGenerator,
    TrainedGenerator as TrainedGenerator,
    train_gan as train_gan,
)
from .two_sample import (
    Rejections as Rejections,
    TwoSampleTest as TwoSampleTest,
    classifier_test as classifier_test,
    energy_distance as energy_distance,
    energy_test as energy_test,
    kolmogorov_smirnov_test as kolmogorov_smirnov_test,
    rejection_share as rejection_share,
)
