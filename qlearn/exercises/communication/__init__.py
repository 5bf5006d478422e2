"""Exercises of the part *communication*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = (
    "bb84",
    "teleportation",
    "superdense",
    "eavesdropping",
    "secret_key",
    "entangled_keys",
    "photons",
    "fibre",
    "satellite",
    "continuous_variables",
    "repeaters",
    "quantum_network",
    "random_numbers",
    "key_management",
    "multi_party",
)
