from .channel_classification import (
    KINDS as KINDS,
    OutcomeLaw as OutcomeLaw,
    error_chances as error_chances,
    pair_law as pair_law,
    probe_law as probe_law,
)
from .drift import gauss_markov as gauss_markov
from .estimation_bounds import (
    cramer_rao as cramer_rao,
    error_chance as error_chance,
    fisher_information as fisher_information,
    quantum_fisher_information as quantum_fisher_information,
)
from .kalman import (
    Filtered as Filtered,
    KalmanFilter as KalmanFilter,
    SteadyState as SteadyState,
    fixed_gain_variance as fixed_gain_variance,
    kalman_steady_state as kalman_steady_state,
)
from .knowledge_value import (
    average_qber as average_qber,
    kept_rate as kept_rate,
    misaligned_qber as misaligned_qber,
)
from .learned_measurement import (
    LearnedMeasurement as LearnedMeasurement,
    learn_measurement as learn_measurement,
)
from .maximum_likelihood_drift import DriftFit as DriftFit, fit_gauss_markov as fit_gauss_markov
from .noise_strength import (
    BetaPosterior as BetaPosterior,
    maximum_likelihood_noise as maximum_likelihood_noise,
    mean_squared_error as mean_squared_error,
    posterior_mean_noise as posterior_mean_noise,
)
from .pauli_noise import (
    PauliEstimate as PauliEstimate,
    pauli_from_errors as pauli_from_errors,
    pauli_from_pairs as pauli_from_pairs,
)
from .point_mass_filter import GridBelief as GridBelief, grid_filter as grid_filter
from .turbulence import (
    click_log_likelihood as click_log_likelihood,
    lognormal_transmittance as lognormal_transmittance,
)
from .windows import Windows as Windows, sliding_windows as sliding_windows
