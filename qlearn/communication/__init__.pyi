from . import (
    bb84 as bb84,
    continuous_variables as continuous_variables,
    eavesdropping as eavesdropping,
    entangled_keys as entangled_keys,
    fibre as fibre,
    key_management as key_management,
    multi_party as multi_party,
    photons as photons,
    quantum_network as quantum_network,
    random_numbers as random_numbers,
    repeaters as repeaters,
    satellite as satellite,
    secret_key as secret_key,
    superdense as superdense,
    teleportation as teleportation,
)
from .key_rate import binary_entropy as binary_entropy, one_way_rate as one_way_rate
from .randomness import random_bits as random_bits
