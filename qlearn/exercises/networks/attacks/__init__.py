"""Exercises of the chapter *Attacks*."""

EXERCISES = ()
