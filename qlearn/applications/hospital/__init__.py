"""Hospitals that train one model under quantum keys, beside one that has all records and each alone.

>>> import numpy as np
>>> from qlearn.applications import hospital
>>> rng = np.random.default_rng(0)
>>> X, y = rng.normal(size=(100, 3)), rng.integers(0, 2, 100)
>>> sites = hospital.hospital_sites(X, y, alpha=1.0, rng=1)
>>> [site.name for site in sites], sum(len(site.y) + len(site.y_held_out) for site in sites)
(['A', 'B', 'C', 'D', 'E'], 100)
>>> hospital.FederationCost(n_sites=5, parameters=31, rounds=20).key_bits
1331200
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
