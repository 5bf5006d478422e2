"""Streaming: keys from as many pulses as one likes, in the memory of one session."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from qlearn._checks import as_count, as_rng
from qlearn.communication.bb84.sifting import SiftedKeys, sift
from qlearn.communication.bb84.transmission import Transmission
from qlearn.communication.postprocessing.distillation import Distilled, distill


def distill_stream(
    transmissions: Iterable[Transmission], *, block: int = 2**22, rng: Any = None, **options: Any
) -> Iterator[Distilled]:
    """Distil a key of every `block` sifted bits of a stream, in the memory of one block.

    Parameters
    ----------
    transmissions : iterable of Transmission
        For example :func:`~qlearn.communication.bb84.stream`.
    block : int
        Sifted bits a session. Longer ones lose less to statistics. What is left over at the end is
        a shorter session of its own.
    rng : None, int or numpy.random.Generator
        Alice's coins.
    **options
        As for :func:`distill`; `authentication_key` is spent and refilled by each session in turn.

    Yields
    ------
    Distilled

    Examples
    --------
    >>> from qlearn.communication import bb84
    >>> from qlearn.communication.coins import coins
    >>> from qlearn.communication.postprocessing import AuthenticationKey
    >>> pool, sent = AuthenticationKey(coins(512, rng=1)), bb84.stream(400_000, noise=0.01, rng=2)
    >>> [made.length > 30_000 for made in distill_stream(sent, block=100_000, authentication_key=pool, rng=3)]
    [True, True]

    Taught in :doc:`/communication/secret_key`.
    """
    block, rng = as_count(block, "block"), as_rng(rng)
    waiting: list[SiftedKeys] = []
    for transmission in transmissions:
        waiting.append(sift(transmission))
        while sum(map(len, waiting)) >= block:
            joined = _join(waiting)
            waiting = [_part(joined, block, None)]
            yield distill(_part(joined, 0, block), rng=rng, **options)
    if sum(map(len, waiting)):
        yield distill(_join(waiting), rng=rng, **options)


def _join(keys: list[SiftedKeys]) -> SiftedKeys:
    return SiftedKeys(
        *(np.concatenate([getattr(k, part) for k in keys]) for part in ("alice", "bob", "bases"))
    )


def _part(keys: SiftedKeys, start: int, stop: int | None) -> SiftedKeys:
    return SiftedKeys(keys.alice[start:stop], keys.bob[start:stop], keys.bases[start:stop])
