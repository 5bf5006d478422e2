"""Random numbers: tests of randomness after SP 800-22, estimates of entropy after SP 800-90B, and what neither can tell.

>>> from qlearn.communication import random_numbers
>>> pi = random_numbers.constant_bits("pi", 10_000)
>>> random_numbers.monobit(pi), random_numbers.runs(pi)
(RandomnessTest(p_value=0.779478), RandomnessTest(p_value=0.856536))
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
