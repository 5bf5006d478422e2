from .holevo_capacity import capacity as capacity
from .protocol import (
    Superdense as Superdense,
    circuit as circuit,
    error_probabilities as error_probabilities,
    send as send,
)
