"""Adaptive key distribution: which setting next, on a link that drifts; what learning it is worth, and what it may look at.

>>> from qlearn.control.adaptive_qkd import expected_regret, may_depend
>>> round(expected_regret("thompson", arms=[0.6, 0.4], rounds=20), 3)
1.432
>>> bool(may_depend("next_setting", seen="past_counts"))
True
"""

from importlib.util import find_spec

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)

# In the page's own Python there is no gymnasium, and the exercises do without.
if find_spec("gymnasium"):
    from gymnasium import register

    register(id="qlearn/AdaptiveLink-v0", entry_point="qlearn.control.adaptive_qkd:LinkEnv")
    del register
del find_spec
