"""Exercises of the chapter *Federated learning: the model travels, the data stay*."""

from qlearn.exercises.networks.federated.adam_step import adam_step
from qlearn.exercises.networks.federated.average import average
from qlearn.exercises.networks.federated.by_hand import by_hand
from qlearn.exercises.networks.federated.count_bits import count_bits
from qlearn.exercises.networks.federated.median_strategy import median_strategy
from qlearn.exercises.networks.federated.pooled_variance import pooled_variance
from qlearn.exercises.networks.federated.proximal_step import proximal_step
from qlearn.exercises.networks.federated.read_update import read_update

EXERCISES = (
    by_hand,
    count_bits,
    pooled_variance,
    average,
    proximal_step,
    adam_step,
    read_update,
    median_strategy,
)
