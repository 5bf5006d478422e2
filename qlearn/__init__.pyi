from . import (
    applications as applications,
    communication as communication,
    control as control,
    evidence as evidence,
    exercises as exercises,
    learning as learning,
    networks as networks,
    plotting as plotting,
    qubits as qubits,
)

__version__: str
