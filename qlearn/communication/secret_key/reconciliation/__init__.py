"""Reconciliation: two ways to make Bob's key Alice's by talking in public, and what that leaves.

`cascade` asks many short questions, `ldpc` sends one long syndrome: the `correct` of both returns a
:class:`~qlearn.communication.secret_key.CorrectedKey` that nobody has verified yet.
:func:`~qlearn.communication.secret_key.reconcile` does either, and verifies.
"""
