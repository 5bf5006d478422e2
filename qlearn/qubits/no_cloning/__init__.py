"""Cloning: no machine copies an unknown state, and how near the best ones come.

:func:`universal_cloner` and :func:`phase_covariant_cloner` are the best copiers there are, as circuits that
divide the quality between the two copies at will; :func:`copy_fidelities` measures any copier,
:func:`second_fidelity` is the trade between the copies, and :func:`cloning_bound` proves that nobody does better.

>>> from qlearn.qubits import ket
>>> copy_fidelities(universal_cloner(), ket("i")).round(6)
array([0.833333, 0.833333])

Taught in :doc:`/qubits/no_cloning`.
"""

from qlearn.qubits.no_cloning.cloning_machines import (
    cloning_bound,
    copy_fidelities,
    phase_covariant_cloner,
    second_fidelity,
    universal_cloner,
)

__all__ = [
    "cloning_bound",
    "copy_fidelities",
    "phase_covariant_cloner",
    "second_fidelity",
    "universal_cloner",
]
