"""Continuous variables: a key from the amplitude and phase of laser light, without counting a photon.

The way through: :func:`exchange` sends Gaussian-modulated coherent states and gives :class:`Symbols`,
:func:`estimate` discloses some of them to learn transmittance and excess noise, and :func:`key_rate` says what
a line of these is worth: :func:`mutual_information` less :func:`holevo_bound`. :func:`entangling_cloner` builds
the Eve behind that bound, as a covariance matrix.

>>> from qlearn.communication import continuous_variables
>>> line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
>>> round(float(continuous_variables.key_rate(25, beta=0.95, **line)), 6)
0.091627

Gaussian states are covariance matrices in shot-noise units, put together of parts. Of two entangled modes that share a
pure state one loses half its light to a mode of vacuum, and what is left has an entropy:

>>> import numpy as np
>>> state = continuous_variables.direct_sum(continuous_variables.epr(5.0), np.eye(2))
>>> kept = continuous_variables.beamsplitter(state, 1, 2, 0.5)[:4, :4]
>>> continuous_variables.symplectic_eigenvalues(kept).round(6)
array([3., 1.])
>>> continuous_variables.entropy(kept).round(6)
np.float64(2.0)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
