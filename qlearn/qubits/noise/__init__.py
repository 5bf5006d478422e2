"""Noise: what the surroundings do to qubits, how to see it, and how codes undo it.

>>> from qlearn.qubits import noise
>>> noise.depolarising(0.2).then(noise.phase_flip(0.1)).apply([1, 0], wires=0).real.round(3)
array([[0.9, 0. ],
       [0. , 0.1]])

Taught in :doc:`/qubits/noise`.
"""

from qlearn.qubits.noise.channels import (
    amplitude_damping,
    bit_flip,
    depolarising,
    erasure,
    fibre_loss,
    pauli_channel,
    phase_damping,
    phase_flip,
    thermal_relaxation,
    transmittance,
)
from qlearn.qubits.noise.choi_matrix import choi, from_choi, is_cptp
from qlearn.qubits.noise.error_correction import (
    Code,
    Recovery,
    bit_flip_code,
    five_qubit_code,
    logical_channel,
    phase_flip_code,
)
from qlearn.qubits.noise.kraus import BlochMap, Channel, bloch_map, entanglement_fidelity, trace_distance
from qlearn.qubits.noise.tomography import linear_inversion, maximum_likelihood, pauli_counts, pauli_settings
from qlearn.qubits.noise.trajectories import trajectory

__all__ = [
    "BlochMap",
    "Channel",
    "Code",
    "Recovery",
    "amplitude_damping",
    "bit_flip",
    "bit_flip_code",
    "bloch_map",
    "choi",
    "depolarising",
    "entanglement_fidelity",
    "erasure",
    "fibre_loss",
    "five_qubit_code",
    "from_choi",
    "is_cptp",
    "linear_inversion",
    "logical_channel",
    "maximum_likelihood",
    "pauli_channel",
    "pauli_counts",
    "pauli_settings",
    "phase_damping",
    "phase_flip",
    "phase_flip_code",
    "thermal_relaxation",
    "trace_distance",
    "trajectory",
    "transmittance",
]
