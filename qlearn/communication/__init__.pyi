from . import (
    bb84 as bb84,
    continuous_variables as continuous_variables,
    eavesdropping as eavesdropping,
    entangled_keys as entangled_keys,
    fibre as fibre,
    photons as photons,
    repeaters as repeaters,
    satellite as satellite,
    secret_key as secret_key,
    teleportation as teleportation,
)
from .key_rate import binary_entropy as binary_entropy, one_way_rate as one_way_rate
from .randomness import random_bits as random_bits
