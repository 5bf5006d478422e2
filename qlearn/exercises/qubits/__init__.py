"""Exercises of the part *qubits*: one module a chapter."""
