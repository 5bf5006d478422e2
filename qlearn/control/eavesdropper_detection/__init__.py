"""Eavesdropper detection: what watching a link tells of Eve, how soon, and what it does not prove.

:func:`link_stream` draws what a link reports block by block, on a line that drifts, with nobody or one of several attacks
on it; :func:`log_likelihood_ratio` is the best that can be made of a block if the attack is known, and :func:`roc` its exact
curve for error counts. An alarm, or none, is no statement about the key: that is what
:func:`qlearn.communication.photons.finite_key` is for.

>>> from qlearn.control import eavesdropper_detection as ed
>>> round(ed.roc(1000, qber=0.03, intercepted=0.05).auc, 4)
0.9215
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
