from .bandits import (
    UCB1 as UCB1,
    BanditRule as BanditRule,
    Greedy as Greedy,
    ThompsonSampling as ThompsonSampling,
    bayes_optimum as bayes_optimum,
    choose_arm as choose_arm,
    exact_regret as exact_regret,
    lai_robbins as lai_robbins,
    ucb1_bound as ucb1_bound,
)
from .environment import (
    ChannelSelection as ChannelSelection,
    ChannelSelectionVector as ChannelSelectionVector,
)
from .gilbert_elliott import GilbertElliott as GilbertElliott
from .inverse_reinforcement_learning import (
    InferredReward as InferredReward,
    infer_reward as infer_reward,
    reward_weights as reward_weights,
    soft_policy as soft_policy,
    visit_counts as visit_counts,
)
from .markov_decision_processes import (
    MarkovDecisionProcess as MarkovDecisionProcess,
    average_reward as average_reward,
    belief_mdp as belief_mdp,
    full_information_mdp as full_information_mdp,
    myopic_policy as myopic_policy,
    optimal_average_reward as optimal_average_reward,
    two_channel_optimum as two_channel_optimum,
    value_iteration as value_iteration,
)
from .policy_gradient import TrainedPolicies as TrainedPolicies, reinforce as reinforce
from .process_environment import ProcessVector as ProcessVector
from .score_models import (
    CircuitScores as CircuitScores,
    DenseScores as DenseScores,
    FeatureScores as FeatureScores,
    ScoreModel as ScoreModel,
    TableScores as TableScores,
    index_bits as index_bits,
)
from .tabular_q_learning import q_learning as q_learning
