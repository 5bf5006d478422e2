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
from .roc_curve import (
    Roc as Roc,
    auc_interval as auc_interval,
    empirical_roc as empirical_roc,
    roc as roc,
)
