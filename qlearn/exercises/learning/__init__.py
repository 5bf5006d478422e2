"""Exercises of the part *learning*: one module a chapter."""
