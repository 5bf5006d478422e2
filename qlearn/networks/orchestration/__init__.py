r"""Orchestration: a network of learners that is told when to learn, how much to send, and over which link.

>>> from qlearn.networks import orchestration
>>> network = orchestration.intelligence_network(n_units=4, n_aggregators=2, rng=0)
>>> orchestration.nodes_of(network, "aggregator")
['aggregator 0', 'aggregator 1']
>>> policy = orchestration.ThresholdPolicy(orchestration.Orders(local_epochs=2), latency_s=0.5)
>>> policy.decide(orchestration.KPIs(1, latency=0.8)).update_every
2
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
