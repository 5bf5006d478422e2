from .constraints import (
    Constraints as Constraints,
)
from .faults import (
    KINDS as KINDS,
    Fault as Fault,
)
from .key_reserves import (
    KeyReserves as KeyReserves,
    ReserveEmpty as ReserveEmpty,
)
from .key_shortage import (
    SendPlan as SendPlan,
    send_plan as send_plan,
)
from .kpis import (
    KPIs as KPIs,
)
from .latency import (
    Latency as Latency,
    departures as departures,
    transmission_time as transmission_time,
)
from .learned_policies import (
    BanditPolicy as BanditPolicy,
    LearnedPolicy as LearnedPolicy,
    OraclePolicy as OraclePolicy,
    QLearningPolicy as QLearningPolicy,
)
from .orchestration_history import (
    OrchestratedRound as OrchestratedRound,
    OrchestrationHistory as OrchestrationHistory,
)
from .orchestration_problem import (
    FEATURES as FEATURES,
    REST as REST,
    OrchestrationProblem as OrchestrationProblem,
    default_actions as default_actions,
    play as play,
)
from .orders import (
    Orders as Orders,
)
from .phases import (
    measured_phases as measured_phases,
    phase_states as phase_states,
    sensed_data as sensed_data,
)
from .policies import (
    FixedPolicy as FixedPolicy,
    Policy as Policy,
    ThresholdPolicy as ThresholdPolicy,
)
from .rounds import (
    OrchestrationStopped as OrchestrationStopped,
    orchestrate as orchestrate,
)
from .sealed_updates import (
    Sealed as Sealed,
    key_words as key_words,
    open_sealed as open_sealed,
    seal as seal,
)
from .stage_comparison import (
    MEASURES as MEASURES,
    StageTable as StageTable,
    compare_stages as compare_stages,
    run_measures as run_measures,
)
from .stages import (
    HEALING as HEALING,
    UNLEARNED as UNLEARNED,
    Stage as Stage,
    stage as stage,
    stage_world as stage_world,
)
from .throttling import (
    FloodRun as FloodRun,
    bucket_passes as bucket_passes,
    fair_shares as fair_shares,
    flood_goodput as flood_goodput,
    serve_flood as serve_flood,
)
from .topology import (
    intelligence_network as intelligence_network,
    link_key_rate as link_key_rate,
    nodes_of as nodes_of,
)
from .user_association import (
    Association as Association,
    associate as associate,
    transfer_times as transfer_times,
)
