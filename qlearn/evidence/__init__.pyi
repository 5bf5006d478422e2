from .false_alarms import (
    beyond as beyond,
    binomial_band as binomial_band,
    counts_agree as counts_agree,
    false_alarm as false_alarm,
)
from .holdout import Parts as Parts, seeds as seeds, settle_and_judge as settle_and_judge
from .significance import (
    Average as Average,
    Difference as Difference,
    average as average,
    paired as paired,
    pooled as pooled,
)
from .statistical_power import resolution as resolution
from .verdict_table import Verdicts as Verdicts, verdicts as verdicts
