"""Continuous variables: a key from the amplitude and phase of laser light, without counting a photon.

The way through: :func:`exchange` sends Gaussian-modulated coherent states and gives :class:`Symbols`,
:func:`estimate` discloses some of them to learn transmittance and excess noise, and :func:`key_rate` says what
a line of these is worth: :func:`mutual_information` less :func:`holevo_bound`. :func:`entangling_cloner` builds
the Eve behind that bound, as a covariance matrix.

>>> from qlearn.communication import continuous_variables
>>> line = {"modulation_variance": 4, "excess_noise": 0.01, "efficiency": 0.6, "electronic_noise": 0.01}
>>> round(float(continuous_variables.key_rate(25, beta=0.95, **line)), 6)
0.091627
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
