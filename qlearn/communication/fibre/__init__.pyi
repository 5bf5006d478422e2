from .dead_time import (
    Clicks as Clicks,
    afterpulse_probability as afterpulse_probability,
    live_fraction as live_fraction,
    observed_rate as observed_rate,
    simulate_clicks as simulate_clicks,
    true_rate as true_rate,
    two_detector_rate as two_detector_rate,
    with_afterpulses as with_afterpulses,
)
from .efficiency_mismatch import (
    MismatchStatistics as MismatchStatistics,
    counted_mismatch_rate as counted_mismatch_rate,
    discarding_rate as discarding_rate,
    mismatch_rate as mismatch_rate,
    mismatch_secrecy as mismatch_secrecy,
    mismatch_statistics as mismatch_statistics,
)
from .key_rate import (
    hold_off_rate as hold_off_rate,
    key_rate_hz as key_rate_hz,
    optimal_hold_off as optimal_hold_off,
    optimal_mu_per_second as optimal_mu_per_second,
)
from .link_budget import LinkBudget as LinkBudget, fibre_budget as fibre_budget
from .mdi import (
    STATIONS as STATIONS,
    Gains as Gains,
    Station as Station,
    mdi_gain as mdi_gain,
    mdi_rate as mdi_rate,
    mdi_single as mdi_single,
)
from .phase_encoding import (
    SYSTEMS as SYSTEMS,
    FibreSystem as FibreSystem,
    Traffic as Traffic,
    arm_visibility as arm_visibility,
    interferometer_error as interferometer_error,
    time_bin_error as time_bin_error,
)
from .raman import (
    crosstalk_power as crosstalk_power,
    dbm_to_watt as dbm_to_watt,
    noise_click_probability as noise_click_probability,
    raman_power as raman_power,
)
from .twin_field import (
    fock_yield as fock_yield,
    plob_crossing as plob_crossing,
    twin_field_gain as twin_field_gain,
    twin_field_phase_error as twin_field_phase_error,
    twin_field_rate as twin_field_rate,
)
