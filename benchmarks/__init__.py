"""Benchmarks: every bound the project states, measured beside its peers in one run, on one thread."""
