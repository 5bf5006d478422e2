"""Routing and resources of a mobile network by exact, heuristic, annealed and quantum solvers at growing size.

:func:`radio_cells` and :func:`backbone_traffic` draw two problems that a network engineer knows, both as an
:class:`AdmissionProblem`: who is served, and on which cell or path. :func:`shot_cost`, :func:`needed_success` and
:func:`break_even` say what a quantum computer would have to do for it.

>>> from qlearn.applications.routing_6g import greedy_admission, radio_cells
>>> problem = radio_cells(12, 2, rng=0).admission(40)
>>> best, quick = problem.exact(), greedy_admission(problem, order="densest")
>>> problem.fits(quick), problem.served(best) >= problem.served(quick)
(True, True)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
