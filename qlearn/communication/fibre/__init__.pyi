from .dead_time import (
    Clicks as Clicks,
    afterpulse_probability as afterpulse_probability,
    observed_rate as observed_rate,
    simulate_clicks as simulate_clicks,
    true_rate as true_rate,
    two_detector_rate as two_detector_rate,
    with_afterpulses as with_afterpulses,
)
from .efficiency_mismatch import (
    counted_mismatch_rate as counted_mismatch_rate,
    discarding_rate as discarding_rate,
    mismatch_rate as mismatch_rate,
    mismatch_secrecy as mismatch_secrecy,
)
from .key_rate import (
    hold_off_rate as hold_off_rate,
    key_rate_hz as key_rate_hz,
    optimal_hold_off as optimal_hold_off,
)
from .link_budget import LinkBudget as LinkBudget, fibre_budget as fibre_budget
from .mdi import (
    STATIONS as STATIONS,
    Station as Station,
    mdi_rate as mdi_rate,
)
from .phase_encoding import (
    SYSTEMS as SYSTEMS,
    FibreSystem as FibreSystem,
    interferometer_error as interferometer_error,
    time_bin_error as time_bin_error,
)
from .raman import (
    Traffic as Traffic,
    dbm_to_watt as dbm_to_watt,
    raman_power as raman_power,
)
from .twin_field import (
    plob_crossing as plob_crossing,
    twin_field_rate as twin_field_rate,
)
