r"""Ledger: a signed log of updates and rounds, what it proves, and what a consensus adds.

>>> from qlearn.networks import ledger
>>> log = ledger.Ledger(ledger.RootSigner("trial"))
>>> for entry in (b"update of Alice", b"update of Bob", b"round 1"):
...     _ = log.append(entry)
>>> reader = ledger.Reader(log.signer.public_key, "trial")
>>> reader.accept(log.sign_root(time=1))
>>> reader.check(b"update of Bob", 1, log.inclusion_proof(1))
>>> ledger.violations(3), ledger.violations(4)
((2, 16), (0, 40))
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
