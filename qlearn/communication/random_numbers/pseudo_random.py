"""Pseudo-random generators, and their seeds found again: by search, or from their own output."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qlearn._checks import as_bits, as_choice, as_count
from qlearn._types import Bits

Words = NDArray[np.uint32]

_BATCH = 2**14  # seeds at once: their words stay in a cache
_MULTIPLIER, _INCREMENT = np.uint64(6364136223846793005), np.uint64(1442695040888963407)
_STATE, _SHIFT = 624, 397  # of the Mersenne twister, in words


def _lcg_words(seeds: Words, n: int) -> Words:
    x, words = seeds.astype(np.uint32), np.empty((*seeds.shape, n), np.uint32)
    for i in range(n):
        x = x * np.uint32(1664525) + np.uint32(1013904223)
        words[..., i] = x
    return words


def _pcg_words(seeds: Words, n: int) -> Words:
    state, words = seeds.astype(np.uint64), np.empty((*seeds.shape, n), np.uint32)
    state = (state + _INCREMENT) * _MULTIPLIER + _INCREMENT
    for i in range(n):
        mixed = ((state >> np.uint64(18)) ^ state) >> np.uint64(27) & np.uint64(0xFFFFFFFF)
        turn = state >> np.uint64(59)
        words[..., i] = mixed >> turn | mixed << (np.uint64(32) - turn) & np.uint64(0xFFFFFFFF)
        state = state * _MULTIPLIER + _INCREMENT
    return words


_GENERATORS: dict[str, Callable[[Words, int], Words]] = {"lcg": _lcg_words, "pcg32": _pcg_words}


def _as_seeds(seed: ArrayLike) -> Words:
    seeds = np.asarray(seed)
    if seeds.dtype.kind not in "ui":
        raise TypeError(f"seed must be whole numbers of 32 bits, not of {seeds.dtype}")
    if seeds.size and not (seeds.min() >= 0 and seeds.max() < 2**32):
        raise ValueError(
            f"seed must lie between 0 and 2**32 - 1, not between {seeds.min()} and {seeds.max()}"
        )
    return seeds.astype(np.uint32)


def pseudo_random_bits(n: int, seed: ArrayLike, generator: str = "pcg32") -> Bits:
    r"""Return bits that a short program computes from a seed of 32 bits: they look random, and have 32 bits of entropy at most.

    .. math:: x_{i+1} = a x_i + c \bmod 2^w

    "lcg" puts out the 32 bits of such a state as they are (w = 32): its lowest bit alternates, and tests find it out. "pcg32"
    (w = 64) puts out 32 of them, shifted and turned by the others, and its stream of seed 2026 passes all fifteen tests of
    :func:`suite` at a million bits. Both are known programs, so whoever finds the seed has all bits: see :func:`find_seed`.

    Parameters
    ----------
    n : int
        Bits; of each word of 32 the highest comes first.
    seed : array_like of int, shape (...)
        0 to 2**32 - 1, one for each stream.
    generator : {"pcg32", "lcg"}
        PCG-XSH-RR with its usual increment; or the one of *Numerical Recipes*.

    Returns
    -------
    ndarray of uint8, shape (..., n)

    Examples
    --------
    >>> pseudo_random_bits(16, seed=7)
    array([0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1], dtype=uint8)
    >>> pseudo_random_bits(128, seed=7, generator="lcg")[31::32]  # the lowest bit of each word
    array([0, 1, 0, 1], dtype=uint8)

    References
    ----------
    O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for random number generation",
    HMC-CS-2014-0905. Press et al., *Numerical Recipes*, section 7.1 (1992).
    """
    n, seeds = as_count(n, "n"), _as_seeds(seed)
    words = _GENERATORS[as_choice(generator, _GENERATORS, "generator")]
    spelled = _spelled(words(seeds.reshape(-1), -(-n // 32)))
    return spelled[:, :n].reshape(*seeds.shape, n)


def find_seed(bits: ArrayLike, generator: str = "pcg32", *, first: int = 0, seeds: int = 2**20) -> list[int]:
    r"""Try one seed after the other, and return those that give the bits.

    A seed of 32 bits has :math:`2^{32}` values, and trying one takes a computer some nanoseconds. k known bits leave
    :math:`2^{32-k}` wrong seeds on average, so 64 of them settle which it was; all others follow.

    Parameters
    ----------
    bits : array_like of 0/1, shape (k,)
        The beginning of a stream.
    generator : {"pcg32", "lcg"}
        As in :func:`pseudo_random_bits`.
    first, seeds : int
        Where to begin, and how many to try: ``seeds=2**32`` is all of them.

    Returns
    -------
    list of int
        In order; empty if none of those tried gives the bits.

    Examples
    --------
    >>> seen = pseudo_random_bits(64, seed=123_456)
    >>> find_seed(seen)
    [123456]
    """
    seen = as_bits(bits, "bits")
    words = _GENERATORS[as_choice(generator, _GENERATORS, "generator")]
    start, tried = as_count(first, "first", least=0), as_count(seeds, "seeds")
    if start + tried > 2**32:
        raise ValueError(f"first + seeds must be at most 2**32, not {start + tried}")
    # The first word alone rules out nearly all; the few left are asked for the rest.
    head = min(seen.size, 32)
    wanted = np.packbits(np.pad(seen[:head], (0, 32 - head))).view(">u4").astype(np.uint32)[0]
    unused = np.uint32(32 - head)
    found: list[int] = []
    for begin in range(start, start + tried, _BATCH):
        batch = np.arange(begin, min(begin + _BATCH, start + tried), dtype=np.uint32)
        likely = batch[words(batch, 1)[:, 0] >> unused == wanted >> unused]
        if likely.size:
            found += likely[(pseudo_random_bits(seen.size, likely, generator) == seen).all(axis=-1)].tolist()
    return found


def clone_mersenne_twister(outputs: ArrayLike) -> np.random.Generator:
    r"""Return a Mersenne twister that goes on as the one whose 624 outputs in a row are given.

    .. math:: y = x \oplus (x \gg 11), \quad y \mathrel{\oplus}= (y \ll 7) \wedge b, \quad
              y \mathrel{\oplus}= (y \ll 15) \wedge c, \quad z = y \oplus (y \gg 18)

    MT19937 keeps 624 words of 32 bits and puts each out after these steps, of which every one can be undone. No search is
    needed, whatever the length of its seed. It is the generator of Python's ``random`` and of NumPy's ``RandomState``: for
    simulations, and not for keys. (NumPy's default is PCG64.)

    Parameters
    ----------
    outputs : array_like of int, shape (m,)
        Words of 32 bits as they came, at least 624; those after the 624th check the others.

    Returns
    -------
    numpy.random.Generator
        At the place after the last output.

    Examples
    --------
    >>> victim = np.random.RandomState(2026)
    >>> clone = clone_mersenne_twister(victim.randint(0, 2**32, 624, dtype=np.uint32))
    >>> victim.randint(0, 2**32, 3, dtype=np.uint32) == clone.integers(0, 2**32, 3, dtype=np.uint32)
    array([ True,  True,  True])

    References
    ----------
    Matsumoto and Nishimura, ACM Trans. Model. Comput. Simul. 8, 3 (1998), doi:10.1145/272991.272995.
    """
    words = np.asarray(outputs)
    if words.size == 0:
        raise ValueError(f"outputs must be at least {_STATE} words, but there are none")
    if words.dtype.kind not in "ui" or words.ndim != 1:
        raise TypeError(
            f"outputs must be whole numbers on one axis, not of {words.dtype} and shape {words.shape}"
        )
    if words.size < _STATE:
        raise ValueError(
            f"outputs must be at least {_STATE} words, not {words.size}: as many as the generator remembers"
        )
    seen = _as_words(words)
    bit_generator = np.random.MT19937()
    bit_generator.state = {
        "bit_generator": "MT19937",
        "state": {"key": _untempered(seen[:_STATE]), "pos": _STATE},
    }
    clone = np.random.Generator(bit_generator)
    rest = seen[_STATE:]
    if rest.size and (clone.integers(0, 2**32, rest.size, dtype=np.uint32) != rest).any():
        raise ValueError("outputs must be those of one MT19937 in a row; those after the 624th do not follow")
    return clone


def _as_words(words: NDArray) -> Words:
    if words.min() < 0 or words.max() >= 2**32:
        raise ValueError(
            f"outputs must be words of 32 bits, 0 to 2**32 - 1, not from {words.min()} to {words.max()}"
        )
    return words.astype(np.uint32)


def _untempered(z: Words) -> Words:
    """Undo the output steps: each repeats until the bits that it took from itself are all known."""
    x = z ^ z >> np.uint32(18)
    x = x ^ (x << np.uint32(15) & np.uint32(0xEFC60000))
    y = x
    for _ in range(4):  # 7 more bits are right each time
        y = x ^ (y << np.uint32(7) & np.uint32(0x9D2C5680))
    x = y
    for _ in range(2):  # 11 more bits
        x = y ^ x >> np.uint32(11)
    return x


def _spelled(words: Words) -> Bits:
    """Return the bits of words on the last axis, the highest first."""
    octets = words.astype(">u4").view(np.uint8)
    return np.unpackbits(octets, axis=-1)
