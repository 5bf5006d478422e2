from .environment import (
    ChannelSelection as ChannelSelection,
    ChannelSelectionVector as ChannelSelectionVector,
)
from .gilbert_elliott import GilbertElliott as GilbertElliott
from .inverse_reinforcement_learning import (
    Inferred as Inferred,
    demonstrate as demonstrate,
    infer_reward as infer_reward,
    reward_weights as reward_weights,
    soft_policy as soft_policy,
)
from .markov_decision_processes import (
    FiniteProblem as FiniteProblem,
    belief_problem as belief_problem,
    best_share as best_share,
    expected_return as expected_return,
    full_information as full_information,
    long_run_share as long_run_share,
    stay_or_switch as stay_or_switch,
    two_channel_share as two_channel_share,
    value_iteration as value_iteration,
)
from .policy_gradient import Learned as Learned, reinforce as reinforce
from .score_models import (
    CircuitScores as CircuitScores,
    DenseScores as DenseScores,
    FeatureScores as FeatureScores,
    ScoreModel as ScoreModel,
    TableScores as TableScores,
    index_bits as index_bits,
)
from .tabular_q_learning import q_learning as q_learning
