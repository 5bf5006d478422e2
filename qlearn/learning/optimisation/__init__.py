"""Optimisation: cuts, routes and channels by QAOA and by annealing, beside the classical solvers to beat.

A graph to cut, or a quadratic problem of bits (:func:`as_bqm`), goes to :func:`qaoa`, :func:`qaoa_qubo` or
:func:`anneal`. :func:`routing` and :func:`spectrum` write problems of communication networks in that form, with an
exact and a greedy solver. :func:`goemans_williamson` and :func:`product_cut` are what QAOA has to beat.

>>> import networkx as nx
>>> from qlearn.learning.optimisation import qaoa
>>> round(qaoa(nx.cycle_graph(8), 2, rng=0).ratio, 8)  # 5/6
0.83333333

Taught in :doc:`/learning/optimisation`.
"""

from qlearn.learning.optimisation.annealing import Annealed, anneal
from qlearn.learning.optimisation.choices import Choices
from qlearn.learning.optimisation.maxcut import (
    ProductCut,
    RoundedCut,
    as_graph,
    cut_size,
    cut_values,
    goemans_williamson,
    maxcut_bqm,
    product_cut,
    product_energy,
)
from qlearn.learning.optimisation.qaoa_angles import interpolate
from qlearn.learning.optimisation.qaoa_simulator import Sweep
from qlearn.learning.optimisation.qaoa_solvers import (
    QAOAResult,
    QUBOResult,
    qaoa,
    qaoa_circuit,
    qaoa_energy,
    qaoa_qubo,
    transfer,
)
from qlearn.learning.optimisation.qubo import as_bqm, energies
from qlearn.learning.optimisation.routing_and_spectrum import Routing, routing, spectrum

__all__ = [
    "Annealed",
    "Choices",
    "ProductCut",
    "QAOAResult",
    "QUBOResult",
    "RoundedCut",
    "Routing",
    "Sweep",
    "anneal",
    "as_bqm",
    "as_graph",
    "cut_size",
    "cut_values",
    "energies",
    "goemans_williamson",
    "interpolate",
    "maxcut_bqm",
    "product_cut",
    "product_energy",
    "qaoa",
    "qaoa_circuit",
    "qaoa_energy",
    "qaoa_qubo",
    "routing",
    "spectrum",
    "transfer",
]
