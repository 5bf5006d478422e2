"""Exercises of the part *control*: one package a chapter, one file an exercise."""

# In the order of the course.
CHAPTERS = ("adaptive_qkd",)
