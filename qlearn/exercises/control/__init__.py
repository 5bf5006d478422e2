"""Exercises of the part *control*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = (
    "classical_links",
    "eavesdropper_detection",
    "channel_estimation",
    "adaptive_qkd",
    "state_selection",
    "side_channels",
)
