from .autoencoder import (
    Autoencoder as Autoencoder,
    best_trash_fidelity as best_trash_fidelity,
    block_fidelity as block_fidelity,
    decoded_autoencoder as decoded_autoencoder,
    principal_autoencoder as principal_autoencoder,
    train_autoencoder as train_autoencoder,
)
from .density_matrix_exponentiation import (
    density_of_rows as density_of_rows,
    exponentiate as exponentiate,
    swap_circuit as swap_circuit,
    swap_step as swap_step,
)
from .ising import ising_ground_states as ising_ground_states
from .quantum_pca import (
    PrincipalComponents as PrincipalComponents,
    SpectrumReading as SpectrumReading,
    estimate_spectrum as estimate_spectrum,
    qpca as qpca,
)
from .variational_diagonalisation import Diagonaliser as Diagonaliser, variational_qpca as variational_qpca
