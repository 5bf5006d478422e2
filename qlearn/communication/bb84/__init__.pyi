from .circuits import circuit as circuit
from .intercept_resend import InterceptResend as InterceptResend
from .parameter_estimation import (
    QberEstimate as QberEstimate,
    asymptotic_rate as asymptotic_rate,
    estimate as estimate,
    threshold as threshold,
)
from .sifting import SiftedKeys as SiftedKeys, sift as sift
from .streaming import Tally as Tally, stream as stream
from .transmission import (
    BASES as BASES,
    Attack as Attack,
    EavesdropperRecord as EavesdropperRecord,
    Origin as Origin,
    Pulses as Pulses,
    Transmission as Transmission,
    exchange as exchange,
    measure_pulses as measure_pulses,
)
