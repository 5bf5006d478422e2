from .evasion import (
    Evasion as Evasion,
    MaskedAttack as MaskedAttack,
    Search as Search,
    evade as evade,
    masked_intercept as masked_intercept,
    unseen_intercept as unseen_intercept,
    unseen_ramp as unseen_ramp,
)
from .learned_detectors import (
    DetectorPower as DetectorPower,
    delays as delays,
    follow as follow,
    normal_scores as normal_scores,
    power_at as power_at,
    suspicion as suspicion,
)
from .one_class_qsvm import OneClassQSVM as OneClassQSVM
