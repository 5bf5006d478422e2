"""Reinforcement learning on a link: circuits, tables and networks that choose the next channel.

>>> links = GilbertElliott(2, fade=0.1, recover=0.1)
>>> float(long_run_share(links, stay_or_switch(2)).round(6)), round(two_channel_share(0.1, 0.1), 6)
(0.7, 0.7)
"""

from qlearn.learning.reinforcement.environment import ChannelSelection, ChannelSelectionVector
from qlearn.learning.reinforcement.gilbert_elliott import GilbertElliott
from qlearn.learning.reinforcement.inverse_reinforcement_learning import (
    Inferred,
    demonstrate,
    infer_reward,
    reward_weights,
    soft_policy,
)
from qlearn.learning.reinforcement.markov_decision_processes import (
    FiniteProblem,
    belief_problem,
    best_share,
    expected_return,
    full_information,
    long_run_share,
    stay_or_switch,
    two_channel_share,
    value_iteration,
)
from qlearn.learning.reinforcement.policy_gradient import Learned, reinforce
from qlearn.learning.reinforcement.score_models import (
    CircuitScores,
    DenseScores,
    FeatureScores,
    ScoreModel,
    TableScores,
    index_bits,
)
from qlearn.learning.reinforcement.tabular_q_learning import q_learning

__all__ = [
    "ChannelSelection",
    "ChannelSelectionVector",
    "CircuitScores",
    "DenseScores",
    "FeatureScores",
    "FiniteProblem",
    "GilbertElliott",
    "Inferred",
    "Learned",
    "ScoreModel",
    "TableScores",
    "belief_problem",
    "best_share",
    "demonstrate",
    "expected_return",
    "full_information",
    "index_bits",
    "infer_reward",
    "long_run_share",
    "q_learning",
    "reinforce",
    "reward_weights",
    "soft_policy",
    "stay_or_switch",
    "two_channel_share",
    "value_iteration",
]
