r"""Entries: what a federation writes into its log, of each update and of each round, as bytes that are always the same."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from math import isfinite
from numbers import Integral, Real
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qlearn.networks.federated import Round, SignedUpdate
from qlearn.networks.federated.signed_updates import as_name
from qlearn.networks.ledger.merkle_tree import as_bytes


def record_update(update: SignedUpdate) -> bytes:
    """Return the entry of an update: who, which run and round, how many samples, the SHA256 of it, and the client's signature.

    The model itself is not in it, and need not be: who has the update computes the same bytes, and sees whether they are in the
    log. The signature is of the update, and not of this entry: who has the update can check it, and who has the log
    alone cannot. So a log that makes up an entry of a client is found out by who asks for the update. A hash binds; it does not
    hide: who can guess the update can check the guess.

    Parameters
    ----------
    update : SignedUpdate
        As it was taken. That its signature is right is for ``UpdateVerifier`` to see, before.

    Returns
    -------
    bytes
        JSON with sorted keys; a few kB, of which the signature is most.

    Examples
    --------
    >>> from qlearn.networks.federated import UpdateSigner
    >>> update = UpdateSigner("Alice").sign([[0.5, 1.0]], 10, run="trial", number=1)
    >>> entry = record_update(update)
    >>> entry == record_update(update), read_entry(entry)["client"]
    (True, 'Alice')
    """
    if not isinstance(update, SignedUpdate):
        raise TypeError(f"update must be a SignedUpdate, not {type(update).__name__}")
    return _entry(
        "update",
        client=update.client,
        run=update.run,
        number=update.number,
        n_samples=update.n_samples,
        sha256=sha256(update.message).hexdigest(),
        signature=base64.b64encode(update.signature).decode(),
    )


def record_round(record: Round, run: str, parameters: Sequence[ArrayLike] | None = None) -> bytes:
    """Return the entry of a round: its whole record, with scores, samples, bits and failures, and the SHA256 of its model.

    Parameters
    ----------
    record : Round
        One of ``history.rounds``.
    run : str
        Name of the run.
    parameters : sequence of array_like, optional
        The global model after it.

    Returns
    -------
    bytes
        JSON with sorted keys. Numbers that are not finite stand in it as the texts "nan", "inf", "-inf".

    Examples
    --------
    >>> entry = record_round(Round(3, {"train_loss": 0.5}, samples={"a": 2}), "trial", [[1.0]])
    >>> told = read_entry(entry)
    >>> told["kind"], told["number"], told["scores"], told["model"][:8]
    ('round', 3, {'train_loss': 0.5}, '7b7c534f')
    """
    if not isinstance(record, Round):
        raise TypeError(f"record must be a Round, as in history.rounds, not {type(record).__name__}")
    as_name(run, "run")
    model = None if parameters is None else _digest(parameters)
    return _entry("round", run=run, model=model, **asdict(record))


def read_entry(entry: bytes) -> dict[str, Any]:
    """Return what an entry says.

    Parameters
    ----------
    entry : bytes
        As :func:`record_update` and :func:`record_round` write it.

    Returns
    -------
    dict
        With its "kind", "update" or "round".

    Examples
    --------
    >>> read_entry(b'{"kind":"round","number":3}')
    {'kind': 'round', 'number': 3}
    """
    try:
        told = json.loads(as_bytes(entry, "entry"))
    except (ValueError, RecursionError):  # a stranger's brackets may lie a million deep
        told = None
    if not isinstance(told, dict) or told.get("kind") not in ("update", "round"):
        raise ValueError(f"entry must be the record of an update or of a round, not {entry[:40]!r}")
    return told


def _entry(kind: str, **told: Any) -> bytes:
    return json.dumps(_plain({"kind": kind, **told}), sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it in one way only."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if isfinite(value) else repr(float(value))
    raise TypeError(f"a record must hold texts and numbers, not {type(value).__name__}")


def _digest(parameters: Sequence[ArrayLike]) -> str:
    """Return the SHA256 of a model: of each layer its shape, then its values, float64, the lowest byte first."""
    digest = sha256()
    for layer in parameters:
        values = np.asarray(layer, dtype="<f8")
        digest.update(pack(f"<{1 + values.ndim}Q", values.ndim, *values.shape) + values.tobytes())
    return digest.hexdigest()
