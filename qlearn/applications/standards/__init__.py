r"""What standards fix, what a link costs in energy and money, and what a buyer asks.

>>> from qlearn.applications import standards
>>> float(standards.joules_per_bit(2_000, watts=200))  # a link that makes 2 kbit/s of key
0.1
>>> standards.assess({}).open_musts[:2]
('threat', 'lifetime')
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
