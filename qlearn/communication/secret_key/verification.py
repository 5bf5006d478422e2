"""Verification: short tags tell whether two long keys are the same."""

from math import ceil, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn._checks import as_bits, as_count, as_failure, as_rng, same_length
from qlearn._types import Bits
from qlearn.communication.randomness import random_bits
from qlearn.communication.secret_key.privacy_amplification import hash_frames
from qlearn.communication.secret_key.public_channel import (
    Program,
    PublicChannel,
    Receive,
    Send,
    converse,
    packed_size,
    unpacked,
)


def verify(
    alice: Bits,
    bob: Bits,
    frame: int,
    *,
    channel: PublicChannel | None = None,
    failure: float = 1e-15,
    rng: Any = None,
) -> NDArray[np.bool_]:
    r"""Compare two keys frame by frame, by the tags of a universal hash.

    Alice draws a Toeplitz matrix of :math:`t` rows, and tells Bob its seed and the tag of each frame; he
    answers which of his own tags are the same. Frames that differ get the same tag with probability
    :math:`2^{-t}`, so all of them together are mistaken with probability at most

    .. math:: \varepsilon_\text{cor} = F\,2^{-t} \qquad\Longrightarrow\qquad
              t = \left\lceil \log_2 (F / \varepsilon_\text{cor}) \right\rceil

    for :math:`F` frames. Every tag is :math:`t` bits about the key, counted as disclosed under "verify".

    Parameters
    ----------
    alice, bob : ndarray of uint8, shape (n,)
        Their keys.
    frame : int
        Bits a frame; the last may be shorter.
    channel : PublicChannel, optional
        Where they speak. None: a line of their own.
    failure : float
        :math:`\varepsilon_\text{cor}`, above 0 and below 1.
    rng : None, int or numpy.random.Generator
        Alice's coins. The seed is drawn after the keys are final, or the bound does not hold.

    Returns
    -------
    ndarray of bool, shape (ceil(n / frame),)
        Which frames agree, as Bob told Alice.

    Examples
    --------
    >>> alice = np.array([1, 0, 1, 1, 0, 0], dtype=np.uint8)
    >>> verify(alice, np.array([1, 0, 1, 0, 0, 0], dtype=np.uint8), frame=3, rng=1)
    array([ True, False])

    References
    ----------
    Carter and Wegman, J. Comput. Syst. Sci. 18, 143 (1979), doi:10.1016/0022-0000(79)90044-8.
    """
    alice, bob = as_bits(alice, "alice"), as_bits(bob, "bob")
    same_length(alice, bob, "alice and bob")
    frame, rng = as_count(frame, "frame"), as_rng(rng)
    as_failure(failure)
    line = PublicChannel() if channel is None else channel
    hers, _ = converse(line, verify_as_alice(alice, frame, failure, rng), verify_as_bob(bob, frame, failure))
    return hers


def tag_bits(n: int, frame: int, failure: float) -> tuple[int, int]:
    """Return how many frames a key of `n` bits has, and how many bits each of their tags."""
    frames = -(-n // min(frame, n))
    return frames, ceil(log2(frames) - log2(failure))


def verify_as_alice(
    key: Bits, frame: int, failure: float, rng: np.random.Generator
) -> Program[NDArray[np.bool_]]:
    """Say a seed and the tags of her frames; return which of them agree, as she hears it."""
    frames, bits = tag_bits(key.size, frame, failure)
    frame = min(frame, key.size)
    seed = random_bits(frame + bits - 1, rng=rng)
    yield Send("verify", np.packbits(seed))
    tags = _tags(key, frame, seed, bits)
    yield Send("verify", np.packbits(tags), disclosed=tags.size)
    heard = yield Receive("verify", packed_size(frames))
    return unpacked(heard, frames).view(bool)


def verify_as_bob(key: Bits, frame: int, failure: float) -> Program[NDArray[np.bool_]]:
    """Hear a seed and the tags of her frames, compare them with his, and say and return which agree."""
    frames, bits = tag_bits(key.size, frame, failure)
    frame = min(frame, key.size)
    seed = unpacked((yield Receive("verify", packed_size(frame + bits - 1))), frame + bits - 1)
    heard = unpacked((yield Receive("verify", packed_size(frames * bits))), frames * bits)
    same: NDArray[np.bool_] = (_tags(key, frame, seed, bits) == heard.reshape(frames, bits)).all(axis=1)
    yield Send("verify", np.packbits(same))
    return same


def _tags(key: Bits, frame: int, seed: Bits, bits: int) -> Bits:
    # The last frame is filled up with zeros: its length is known, so that makes no two keys alike.
    filled = np.zeros(-(-key.size // frame) * frame, dtype=np.uint8)
    filled[: key.size] = key
    return hash_frames(filled.reshape(-1, frame), seed, bits)
