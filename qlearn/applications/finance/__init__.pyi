from .factor_market import FactorMarket as FactorMarket, made_market as made_market
from .harvest import HarvestCost as HarvestCost, harvest_cost as harvest_cost
from .intrusion import (
    AlarmThreshold as AlarmThreshold,
    Alerts as Alerts,
    alerts_a_day as alerts_a_day,
    bayesian_detection_rate as bayesian_detection_rate,
    cost_threshold as cost_threshold,
    expected_cost as expected_cost,
    false_alarm_limit as false_alarm_limit,
    largest_false_alarm_rate as largest_false_alarm_rate,
)
from .migration_order import (
    MigrationPlan as MigrationPlan,
    System as System,
    exposed_records as exposed_records,
    plan_migration as plan_migration,
)
from .mosca import Exposure as Exposure, exposure as exposure, mosca_margin as mosca_margin
from .portfolio import PortfolioProblem as PortfolioProblem
from .threat_timeline import (
    MOSCA_2015 as MOSCA_2015,
    SURVEY_2023_EARLY as SURVEY_2023_EARLY,
    SURVEY_2023_LATE as SURVEY_2023_LATE,
    ThreatTimeline as ThreatTimeline,
)
