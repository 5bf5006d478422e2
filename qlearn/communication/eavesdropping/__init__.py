"""Eavesdropping: what Eve can know of a key, and what it costs her, pulse by pulse.

Attacks on the line fulfil :class:`qlearn.communication.bb84.Attack` and go into
:func:`qlearn.communication.bb84.exchange`: :class:`~qlearn.communication.bb84.InterceptResend` (of ``bb84``),
:class:`MemoryAttack` with any circuit, of which :func:`cloning_attack` and
:func:`entangling_probe` reach the bound on single pulses, and :class:`PartialAttack` of any of them. :func:`predict` says
what an attack costs and yields exactly, :func:`observe` counts it in a transmission, and
:func:`individual_information` and :func:`collective_information` bound it; :func:`best_fixed_measurement` is the best
question for an Eve without a memory, :func:`weak_measurement` the best attack, and
:func:`memoryless_guess` the proof. :class:`TrojanHorse`, :func:`blinded_exchange` and
:func:`time_shifted_exchange` go round all that: they attack the devices.

>>> from qlearn.communication import bb84
>>> seen = observe(bb84.exchange(200_000, eavesdropper=entangling_probe(0.1), rng=1))
>>> round(seen.qber["Z"], 2), round(seen.guess["Z"], 2)
(0.1, 0.8)
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
