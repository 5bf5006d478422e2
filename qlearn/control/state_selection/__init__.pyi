from .numerical_key_rates import (
    CertifiedSecrecy as CertifiedSecrecy,
    certified_secrecy as certified_secrecy,
)
from .pulse_accounts import (
    PulseAccount as PulseAccount,
    pulse_account as pulse_account,
    sifted_share as sifted_share,
)
from .pushed_lines import pushed_line as pushed_line, x_yields as x_yields
from .reference_frames import (
    frame_correlation as frame_correlation,
    frame_free_rate as frame_free_rate,
    frame_information as frame_information,
)
from .settings_search import (
    Search as Search,
    Sessions as Sessions,
    ask_the_physics as ask_the_physics,
    bandit_search as bandit_search,
    gaussian_process_surrogate as gaussian_process_surrogate,
    regressor_surrogate as regressor_surrogate,
    search_settings as search_settings,
    setting as setting,
)
from .three_states import (
    fourth_state as fourth_state,
    phase_error_of_three as phase_error_of_three,
    three_state_rate as three_state_rate,
    worst_phase_error as worst_phase_error,
)
from .unequal_bits import (
    damped_error as damped_error,
    damped_rate as damped_rate,
    guessing_chance as guessing_chance,
)
