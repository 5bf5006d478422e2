"""Exercises of the part *qubits*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = ("superposition", "measurement", "entanglement", "no_cloning", "noise")
