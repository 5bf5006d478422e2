from .protocol import (
    Teleportation as Teleportation,
    average_fidelity as average_fidelity,
    circuit as circuit,
    fully_entangled_fraction as fully_entangled_fraction,
    process_fidelity as process_fidelity,
    teleport as teleport,
    werner as werner,
)
