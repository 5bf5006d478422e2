"""Side channels: what a device gives away beside the protocol, how a model finds it, and what its silence is worth.

Each kind of leak is an object with its own optimum: ``guess`` is how often the best reader names the secret bit, and what it
holds of a secret bit stands beside it. :func:`leak_test` sets a learner on the leak and says what it found in bits, on rows
that it had not seen.

>>> from sklearn.linear_model import LogisticRegression
>>> from qlearn.control import side_channels
>>> leak = side_channels.DetectionTimes(offset=0.5)  # two detectors, half a jitter apart
>>> secrets, times = leak.record(20_000, rng=1)
>>> found = side_channels.leak_test(LogisticRegression(), times, secrets, rng=1)
>>> found.rate < leak.guess + 4 * found.error, found.p_value < 1e-6
(True, True)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
