from .belief_propagation import Decoder as Decoder
from .codes import (
    BASE as BASE,
    RATES as RATES,
    SIZES as SIZES,
    Adaptation as Adaptation,
    Code as Code,
    adapt as adapt,
    load as load,
)
from .protocol import correct as correct, ldpc as ldpc
from .syndrome_decoding import Alice as Alice, Bob as Bob
