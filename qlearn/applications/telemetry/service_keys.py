"""Source of keys for a gateway: the key service at its end of the quantum link."""

from collections.abc import Callable

from qlearn.communication.key_management import KMEClient, KMEError


def kme_source(
    client: KMEClient, peer: str, *, tell: Callable[[str], None] | None = None
) -> Callable[[], bytes | None]:
    """Return a function that draws one key of 256 bits from a key service, or None while it has or answers nothing.

    The service (ETSI GS QKD 014) hands the key to the gateway under an ID, and keeps a copy for `peer`, the control
    centre. Whoever is to seal from the sensor to the *centre* tells it the ID, which is no secret.

    Parameters
    ----------
    client : KMEClient
        The gateway's connection to its key management entity.
    peer : str
        The application that may fetch the other copy.
    tell : callable, optional
        Called with the ID of each key that was drawn.

    Returns
    -------
    callable
        Without arguments; 32 bytes, or None if the service answers 503 (no keys now, or too many requests) or cannot be
        reached over TLS: what the gateway does then is its `on_empty`. Any other refusal is raised.

    Examples
    --------
    >>> kme_source("https://localhost", "Centre")
    Traceback (most recent call last):
    ...
    TypeError: client must be a KMEClient, not str: make one from the gateway's certificate

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), section 5.
    """
    if not isinstance(client, KMEClient):
        raise TypeError(
            f"client must be a KMEClient, not {type(client).__name__}: make one from the gateway's certificate"
        )
    if not isinstance(peer, str) or not peer:
        raise ValueError(f"peer must be the name of an application, not {peer!r}")

    def draw() -> bytes | None:
        from httpx import TransportError

        try:
            [key] = client.enc_keys(peer, size=256)
        except KMEError as refusal:
            if refusal.status != 503:
                raise
            return None
        except TransportError:  # it is down, or another stands in its place: no key now
            return None
        if tell is not None:
            tell(key.key_id)
        return key.key

    return draw
