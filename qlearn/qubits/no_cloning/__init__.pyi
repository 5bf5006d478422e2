from .cloning_machines import (
    cloning_bound as cloning_bound,
    copy_fidelities as copy_fidelities,
    phase_covariant_cloner as phase_covariant_cloner,
    second_fidelity as second_fidelity,
    universal_cloner as universal_cloner,
)
