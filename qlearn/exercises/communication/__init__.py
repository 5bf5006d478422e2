"""Exercises of the part *communication*: one module a chapter."""
