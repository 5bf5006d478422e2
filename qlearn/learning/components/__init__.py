"""Components of quantum states: finding the few directions that matter, and keeping only those.

>>> from qlearn.learning import components
>>> components.qpca([[0.5, 0.3], [0.3, 0.5]], 1).values.round(6)
array([0.8])

Taught in :doc:`/learning/components`.
"""

from qlearn.learning.components.autoencoder import Autoencoder, train_autoencoder
from qlearn.learning.components.chain import ising_ground_states
from qlearn.learning.components.exponentiation import exponentiate
from qlearn.learning.components.optimum import best_trash_fidelity, decoded_autoencoder, principal_autoencoder
from qlearn.learning.components.principal import Components, qpca
from qlearn.learning.components.readout import Readout, read_spectrum
from qlearn.learning.components.rows import density_of_rows
from qlearn.learning.components.schumacher import block_fidelity
from qlearn.learning.components.swap import swap_circuit, swap_step
from qlearn.learning.components.variational import Diagonaliser, variational_qpca

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
