"""Reinforcement learning on a link: circuits, tables and networks that choose the next channel.

>>> links = GilbertElliott(2, fade=0.1, recover=0.1)
>>> float(average_reward(links, myopic_policy(2)).round(6)), round(two_channel_optimum(0.1, 0.1), 6)
(0.7, 0.7)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
