from .false_alarms import (
    beyond as beyond,
    counts_agree as counts_agree,
    false_alarm as false_alarm,
)
from .holdout import Holdout as Holdout, holdout_split as holdout_split, seeds as seeds
from .significance import (
    Average as Average,
    Difference as Difference,
    average as average,
    paired as paired,
    pooled as pooled,
)
from .statistical_power import (
    detectable_difference as detectable_difference,
    power_of_pairs as power_of_pairs,
)
from .verdict_table import Verdicts as Verdicts, verdicts as verdicts
from .winners_curse import false_lead as false_lead, lead_of_best as lead_of_best
