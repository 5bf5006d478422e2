"""Exercises of the part *networks*: one module a chapter."""
