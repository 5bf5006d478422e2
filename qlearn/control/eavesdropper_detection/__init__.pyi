from .control_charts import (
    ewma_limit_for as ewma_limit_for,
    ewma_run_length as ewma_run_length,
    shewhart_limit_for as shewhart_limit_for,
    shewhart_run_length as shewhart_run_length,
)
from .cusum import (
    average_run_length as average_run_length,
    count_reference as count_reference,
    count_run_length as count_run_length,
    error_log_likelihood as error_log_likelihood,
    threshold_for as threshold_for,
    two_sided_run_length as two_sided_run_length,
)
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
from .likelihood_ratio import log_likelihood_ratio as log_likelihood_ratio
from .line_attacks import (
    Blinding as Blinding,
    Intercept as Intercept,
    LineAttack as LineAttack,
    PhotonSplitting as PhotonSplitting,
    TimeShift as TimeShift,
    hidden_attacks as hidden_attacks,
    known_attacks as known_attacks,
)
from .link_streams import (
    FEATURES as FEATURES,
    BlockStream as BlockStream,
    link_stream as link_stream,
)
from .monitored_link import Drift as Drift, LineState as LineState, MonitoredLink as MonitoredLink
from .online_detectors import (
    Cusum as Cusum,
    Detector as Detector,
    Ewma as Ewma,
    Record as Record,
    Shewhart as Shewhart,
    Sprt as Sprt,
)
from .roc_curve import (
    Roc as Roc,
    auc_interval as auc_interval,
    empirical_roc as empirical_roc,
    roc as roc,
)
from .sequential_test import (
    SprtProperties as SprtProperties,
    sprt_properties as sprt_properties,
    wald_bounds as wald_bounds,
    wald_samples as wald_samples,
)
