"""Optimisation: cuts, routes and channels by QAOA and by annealing, beside the classical solvers to beat.

A graph to cut, or a quadratic problem of bits (:func:`as_bqm`), goes to :func:`qaoa`, :func:`qaoa_qubo` or
:func:`anneal`. :func:`routing` and :func:`spectrum_allocation` write problems of communication networks in that form, with an
exact and a greedy solver. :func:`goemans_williamson` and :func:`product_cut` are what QAOA has to beat.

>>> import networkx as nx
>>> from qlearn.learning.optimisation import qaoa
>>> round(qaoa(nx.cycle_graph(8), 2, rng=0).ratio, 8)  # 5/6
0.83333333
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
