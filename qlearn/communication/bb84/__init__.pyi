from .circuits import circuit as circuit
from .intercept_resend import (
    Attack as Attack,
    EavesdropperRecord as EavesdropperRecord,
    InterceptResend as InterceptResend,
)
from .parameter_estimation import (
    QberEstimate as QberEstimate,
    asymptotic_rate as asymptotic_rate,
    estimate as estimate,
    threshold as threshold,
)
from .pulses import BASES as BASES, Pulses as Pulses, measure_pulses as measure_pulses
from .sifting import SiftedKeys as SiftedKeys, sift as sift
from .streaming import Tally as Tally, stream as stream
from .transmission import Origin as Origin, Transmission as Transmission, exchange as exchange
