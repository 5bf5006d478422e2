"""Which states, bases and decoys a session needs, which only waste pulses, and which choice tells Eve the key.

>>> from qlearn.control.state_selection import certified_secrecy, three_state_rate
>>> from qlearn.qubits.noise import depolarising
>>> round(certified_secrecy(depolarising(0.06), states="01+").proved, 4)  # three states, all counts kept
0.8056
>>> round(certified_secrecy(depolarising(0.06), states="01").proved, 4)  # no errors to be seen, and no secret
0.0
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
