"""Exercises of the part *networks*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = ("federated", "secure_aggregation", "attacks", "distillation", "graph_networks", "orchestration")
