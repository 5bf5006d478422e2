from .channels import (
    amplitude_damping as amplitude_damping,
    bit_flip as bit_flip,
    db_to_transmittance as db_to_transmittance,
    depolarising as depolarising,
    erasure as erasure,
    fibre_loss as fibre_loss,
    pauli_channel as pauli_channel,
    phase_damping as phase_damping,
    phase_flip as phase_flip,
    thermal_relaxation as thermal_relaxation,
    transmittance as transmittance,
    transmittance_to_db as transmittance_to_db,
)
from .choi_matrix import choi as choi, from_choi as from_choi, is_cptp as is_cptp
from .error_correction import (
    Code as Code,
    Recovery as Recovery,
    bit_flip_code as bit_flip_code,
    five_qubit_code as five_qubit_code,
    logical_channel as logical_channel,
    phase_flip_code as phase_flip_code,
)
from .kraus import (
    BlochMap as BlochMap,
    Channel as Channel,
    bloch_map as bloch_map,
    entanglement_fidelity as entanglement_fidelity,
    trace_distance as trace_distance,
)
from .tomography import (
    linear_inversion as linear_inversion,
    maximum_likelihood as maximum_likelihood,
    outcome_vectors as outcome_vectors,
    pauli_counts as pauli_counts,
    pauli_settings as pauli_settings,
)
from .trajectories import trajectory as trajectory
