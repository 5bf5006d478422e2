"""Faults: random sessions of `distill`, each with something wrong, and what must hold however it ends."""

from benchmarks.faults.arguments import ARGUMENTS
from benchmarks.faults.kinds import KINDS, Kind, Meddler
from benchmarks.faults.one_session import Outcome, names, session

__all__ = ["ARGUMENTS", "KINDS", "Kind", "Meddler", "Outcome", "names", "session"]
