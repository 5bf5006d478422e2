"""Components of quantum states: finding the few directions that matter, and keeping only those.

>>> from qlearn.learning import components
>>> components.qpca([[0.5, 0.3], [0.3, 0.5]], 1).values.round(6)
array([0.8])

Taught in :doc:`/learning/components`.
"""

from qlearn.learning.components.autoencoder import (
    Autoencoder,
    best_trash_fidelity,
    block_fidelity,
    decoded_autoencoder,
    principal_autoencoder,
    train_autoencoder,
)
from qlearn.learning.components.density_matrix_exponentiation import (
    density_of_rows,
    exponentiate,
    swap_circuit,
    swap_step,
)
from qlearn.learning.components.ising import ising_ground_states
from qlearn.learning.components.quantum_pca import Components, Readout, qpca, read_spectrum
from qlearn.learning.components.variational_diagonalisation import Diagonaliser, variational_qpca

__all__ = [
    "Autoencoder",
    "Components",
    "Diagonaliser",
    "Readout",
    "best_trash_fidelity",
    "block_fidelity",
    "decoded_autoencoder",
    "density_of_rows",
    "exponentiate",
    "ising_ground_states",
    "principal_autoencoder",
    "qpca",
    "read_spectrum",
    "swap_circuit",
    "swap_step",
    "train_autoencoder",
    "variational_qpca",
]
