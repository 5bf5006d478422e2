"""Random numbers: generators and how much their makers know, extractors, tests and estimates, and what these cannot tell.

>>> from qlearn.communication import random_numbers
>>> pi = random_numbers.constant_bits("pi", 10_000)
>>> random_numbers.monobit(pi), random_numbers.runs(pi)
(RandomnessTest(p_value=0.779478), RandomnessTest(p_value=0.856536))

How many bits a thousand independent rounds are worth depends on what is trusted: the device but for its dark counts; the
measurements, with 1 % of errors in the other basis; or no device, at a CHSH value of 2.7:

>>> device = random_numbers.BeamSplitterGenerator(efficiencies=(0.6, 0.5), dark_counts=(1e-3, 1e-3))
>>> a_bit = (
...     device.conditional_min_entropy,
...     float(random_numbers.source_independent_min_entropy(0.01)),
...     float(random_numbers.chsh_min_entropy(2.7)),
... )
>>> [random_numbers.leftover_hash_length(1000 * h) for h in a_bit]
[806, 673, 428]
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
