from .adaptive_security import (
    CHOICES as CHOICES,
    SEEN as SEEN,
    Dependence as Dependence,
    may_depend as may_depend,
)
from .bayesian_optimisation import Optimum as Optimum, optimise as optimise
from .channel_traces import (
    TRACES as TRACES,
    Autoregression as Autoregression,
    fit_autoregression as fit_autoregression,
    loss_traces as loss_traces,
)
from .closed_form import (
    BasisBias as BasisBias,
    best_basis_bias as best_basis_bias,
    best_intensity as best_intensity,
)
from .drifting_link import (
    Drift as Drift,
    DriftingLink as DriftingLink,
    LinkTrace as LinkTrace,
    RecordedLink as RecordedLink,
)
from .generative_adversarial import (
    ClassicalGenerator as ClassicalGenerator,
    QuantumGenerator as QuantumGenerator,
    TrainedGenerator as TrainedGenerator,
    train_gan as train_gan,
)
from .link_batch import LinkBins as LinkBins, LinkVector as LinkVector, bin_values as bin_values
from .link_environment import LinkEnv as LinkEnv
from .link_policies import (
    LinkPolicy as LinkPolicy,
    LinkSession as LinkSession,
    bin_policy as bin_policy,
    forecast_policy as forecast_policy,
    oracle_policy as oracle_policy,
    play_link as play_link,
)
from .link_settings import (
    KeyTable as KeyTable,
    LinkEstimate as LinkEstimate,
    Setting as Setting,
    block_key as block_key,
    estimate_link as estimate_link,
    sample_counts as sample_counts,
    settings_for as settings_for,
)
from .nonstationary_bandits import (
    BanditRun as BanditRun,
    Forgetting as Forgetting,
    play_bandit as play_bandit,
)
from .optional_stopping import (
    error_bound as error_bound,
    selection_failure as selection_failure,
    stopping_failure as stopping_failure,
)
from .regret import expected_regret as expected_regret
from .two_sample import (
    Rejections as Rejections,
    TwoSampleTest as TwoSampleTest,
    classifier_test as classifier_test,
    energy_distance as energy_distance,
    energy_test as energy_test,
    kolmogorov_smirnov_test as kolmogorov_smirnov_test,
    rejection_share as rejection_share,
)
