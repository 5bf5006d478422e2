from .kpis import KPIs as KPIs
from .orders import Orders as Orders
from .policies import FixedPolicy as FixedPolicy, Policy as Policy, ThresholdPolicy as ThresholdPolicy
from .topology import (
    intelligence_network as intelligence_network,
    link_key_rate as link_key_rate,
    nodes_of as nodes_of,
)
