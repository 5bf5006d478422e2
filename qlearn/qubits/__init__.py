"""Part I: states, measurement, entanglement, and the one `Circuit` that every chapter runs."""

from qlearn.qubits.circuit import Circuit, Run
from qlearn.qubits.density_matrices import density, fidelity, helstrom, partial_trace
from qlearn.qubits.entanglement import BELL_NAMES, bell_state
from qlearn.qubits.gates import Operation
from qlearn.qubits.measurement import Measurement, expectation, measure, probabilities, sample
from qlearn.qubits.superposition import bloch, bloch_vector, ket, random_state

__all__ = [
    "BELL_NAMES",
    "Circuit",
    "Measurement",
    "Operation",
    "Run",
    "bell_state",
    "bloch",
    "bloch_vector",
    "density",
    "expectation",
    "fidelity",
    "helstrom",
    "ket",
    "measure",
    "partial_trace",
    "probabilities",
    "random_state",
    "sample",
]
