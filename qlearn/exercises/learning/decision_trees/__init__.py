"""Exercises of the chapter *Decision trees: which question first?*."""

from qlearn.exercises.learning.decision_trees.entropy import entropy
from qlearn.exercises.learning.decision_trees.impurity import impurity
from qlearn.exercises.learning.decision_trees.left_out import left_out
from qlearn.exercises.learning.decision_trees.one_question import one_question
from qlearn.exercises.learning.decision_trees.shots_to_answer import shots_to_answer
from qlearn.exercises.learning.decision_trees.threshold import threshold

EXERCISES = (one_question, entropy, threshold, left_out, shots_to_answer, impurity)
