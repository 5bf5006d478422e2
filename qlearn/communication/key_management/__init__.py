"""Key management: keys kept in a store, delivered once each to the applications that they are for.

>>> import tempfile
>>> from qlearn.communication import key_management
>>> folder = tempfile.TemporaryDirectory()
>>> store = key_management.KeyStore(folder.name + "/keys.db")
>>> store.add(bytes(64)), store.stored
(2, 2)
>>> store.close(); folder.cleanup()
"""

from qlearn import _lazy

__getattr__, __dir__, __all__ = _lazy.attach(__name__, __file__)
