"""Shares on their way: under a one-time pad, with a tag that is bound to round, sender and receiver."""

from hmac import compare_digest

import numpy as np

from qlearn.communication.secret_key.authentication import tag
from qlearn.networks.secure_aggregation.pairwise_pads import PairKeys
from qlearn.networks.secure_aggregation.survivors import Terms, list_statement

_TAG_BYTES = 16


def _xor(first: bytes, second: bytes) -> bytes:
    return (np.frombuffer(first, np.uint8) ^ np.frombuffer(second, np.uint8)).tobytes()


def seal_share(share: bytes, pair: PairKeys, terms: Terms, number: int, sender: str, receiver: str) -> bytes:
    """Return a share as it travels."""
    hidden = _xor(share, pair.outgoing)
    return hidden + tag(list_statement(terms, number, [sender, receiver]) + hidden, pair.outgoing_tag)


def open_share(
    sealed: bytes, pair: PairKeys, terms: Terms, number: int, sender: str, receiver: str
) -> bytes | None:
    """Return the share, or None if it is missing, altered, of another round or for somebody else."""
    hidden, mark = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    if len(hidden) != terms.mask_bytes:
        return None
    due = tag(list_statement(terms, number, [sender, receiver]) + hidden, pair.incoming_tag)
    return _xor(hidden, pair.incoming) if compare_digest(mark, due) else None
