r"""Impersonation: an update under somebody else's name, or with somebody else's signature under it."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from qlearn.networks.federated.signed_updates import SignedUpdate, UpdateSigner


def impersonate(
    victim: str,
    parameters: Sequence[ArrayLike],
    n_samples: int,
    *,
    run: str,
    number: int,
    seed: bytes | None = None,
    scheme: str = "ML-DSA-65",
) -> SignedUpdate:
    """Return an update under the name of a victim, signed with a key of the attacker's own.

    All of it is well formed; only the key is not the one that the server has under this name.

    Parameters
    ----------
    victim : str
        Name of the client whose place is taken.
    parameters : sequence of array_like
        What the attacker wants to be merged.
    n_samples : int
        What it claims.
    run : str
        Name of the run.
    number : int
        Round, from 1.
    seed : bytes, optional
        Of the attacker's key; None draws one. With the *victim's* seed this is no forgery any more: a stolen key signs as
        its owner, and no server can tell.
    scheme : str
        As in :class:`~qlearn.networks.federated.UpdateSigner`.

    Returns
    -------
    SignedUpdate

    Examples
    --------
    >>> from qlearn.networks.federated import UpdateSigner, UpdateVerifier
    >>> bob = UpdateSigner("Bob", seed=bytes(32))
    >>> server = UpdateVerifier({"Bob": bob.public_key}, run="trial")
    >>> forged = impersonate("Bob", [[9e9]], 10, run="trial", number=1)
    >>> stolen = impersonate("Bob", [[9e9]], 10, run="trial", number=1, seed=bytes(32))
    >>> [[refused.reason for refused in server.collect([one], number=1)[1]] for one in (forged, stolen)]
    [['signature'], []]

    References
    ----------
    NIST FIPS 204, "Module-lattice-based digital signature standard", 2024 (what a signature is to withstand).
    """
    return UpdateSigner(victim, seed, scheme).sign(parameters, n_samples, run=run, number=number)


def tampered(update: SignedUpdate, **changes: Any) -> SignedUpdate:
    """Return a signed update in which somebody on the line has changed something, with the old signature under it.

    Parameters
    ----------
    update : SignedUpdate
        As it was heard.
    **changes
        Fields of :class:`~qlearn.networks.federated.SignedUpdate` with their new values: `client`, `run`, `number`,
        `n_samples`, `parameters`, `signature`.

    Returns
    -------
    SignedUpdate

    Examples
    --------
    >>> from qlearn.networks.federated import UpdateSigner
    >>> heard = UpdateSigner("Bob").sign([[1.0]], 10, run="trial", number=1)
    >>> boosted = tampered(heard, n_samples=1000)
    >>> boosted.n_samples, boosted.signature == heard.signature
    (1000, True)
    """
    if not isinstance(update, SignedUpdate):
        raise TypeError(f"update must be a SignedUpdate that was heard on the line, not {update!r}")
    fields = ("client", "run", "number", "n_samples", "parameters", "signature")
    unknown = [name for name in changes if name not in fields]
    if unknown or not changes:
        raise ValueError(
            f"changes must name one or more of {', '.join(fields)}, not {unknown[0] if unknown else 'nothing'!r}"
        )
    # Not dataclasses.replace: the fields are read by name, so that a subclass cannot bring more.
    return SignedUpdate(**{name: changes.get(name, getattr(update, name)) for name in fields})
