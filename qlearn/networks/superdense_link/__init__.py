"""Two models, one entangled link: data at one site train an actuator at another, over superdense coding.

>>> from qlearn.networks.secure_aggregation import FixedPoint
>>> from qlearn.networks.superdense_link import SuperdenseChannel, send_words, word_error
>>> line, numbers = SuperdenseChannel(pair=0.94), FixedPoint(fraction_bits=6, word_bits=8)
>>> read = send_words([0.5] * 10_000, line, numbers, rng=1).values
>>> float(((read - 0.5) ** 2).mean().round(3)), float(word_error(0.5, line, numbers).mse.round(3))
(0.213, 0.206)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
