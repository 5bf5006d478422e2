from .evasion import (
    Evasion as Evasion,
    MaskedAttack as MaskedAttack,
    MixedAttack as MixedAttack,
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
from .line_attacks import (
    Blinding as Blinding,
    Intercept as Intercept,
    LineAttack as LineAttack,
    LineState as LineState,
    PhotonSplitting as PhotonSplitting,
    TimeShift as TimeShift,
    hidden_attacks as hidden_attacks,
    known_attacks as known_attacks,
)
from .link_streams import (
    FEATURES as FEATURES,
    BlockStream as BlockStream,
    Drift as Drift,
    MonitoredLink as MonitoredLink,
    link_stream as link_stream,
    log_likelihood_ratio as log_likelihood_ratio,
)
from .one_class_qsvm import OneClassQSVM as OneClassQSVM
from .roc_curve import Roc as Roc, auc_interval as auc_interval, empirical_roc as empirical_roc, roc as roc
