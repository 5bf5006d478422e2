"""Exercises of the part *learning*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = (
    "encodings",
    "qsvm",
    "neural_networks",
    "decision_trees",
    "barren_plateaus",
    "optimisation",
    "reinforcement",
    "components",
    "circuit_search",
    "comparison",
)
