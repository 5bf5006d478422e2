"""Noise: what the surroundings do to qubits, how to see it, and how codes undo it.

>>> from qlearn.qubits import noise
>>> noise.depolarising(0.2).then(noise.phase_flip(0.1)).apply([1, 0], wires=0).real.round(3)
array([[0.9, 0. ],
       [0. , 0.1]])

Taught in :doc:`/qubits/noise`.
"""

from qlearn.qubits.noise.ball import BlochMap, bloch_map
from qlearn.qubits.noise.channel import Channel
from qlearn.qubits.noise.choi import choi, from_choi, is_cptp
from qlearn.qubits.noise.code import Code, Recovery
from qlearn.qubits.noise.codes import bit_flip_code, five_qubit_code, phase_flip_code
from qlearn.qubits.noise.distance import entanglement_fidelity, trace_distance
from qlearn.qubits.noise.likelihood import maximum_likelihood
from qlearn.qubits.noise.logical import logical_channel
from qlearn.qubits.noise.loss import erasure, fibre_loss, transmittance
from qlearn.qubits.noise.pauli import bit_flip, depolarising, pauli_channel, phase_flip
from qlearn.qubits.noise.relaxation import amplitude_damping, phase_damping, thermal_relaxation
from qlearn.qubits.noise.tomography import linear_inversion, pauli_counts, pauli_settings
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
