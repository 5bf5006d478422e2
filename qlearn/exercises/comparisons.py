"""When two answers are the same: the named comparisons of the exercises, and what they say of a difference.

Each takes what was answered and what is due, and returns None if they are the same, else a sentence on what differs:
type, shape, sign, a factor, rounding; never the due value.
"""

from collections.abc import Callable, Collection, Mapping
from numbers import Number
from typing import Any

import numpy as np

from qlearn.qubits import Circuit

Comparison = Callable[[Any, Any], str | None]


def close(answered: Any, due: Any, *, rel: float = 1e-6, abs: float = 1e-9) -> str | None:
    """Compare numbers, arrays of them, and tuples, lists and dicts of either: equal up to rounding.

    An array, a list, a tuple, a 0-d array, a `Fraction` of the same numbers are the same.

    Parameters
    ----------
    answered, due : object
        What came, and what the solution gives.
    rel, abs : float
        The largest difference, as a share of the due number and as a number; the larger of both counts.

    Returns
    -------
    str or None
        What differs; None if nothing does.

    Examples
    --------
    >>> close([0.5, 0.25], np.array([1, 0.5]))
    'all of it is 0.5 times what it should be'
    >>> close((1, 2), np.array([1.0, 2.0])) is None
    True
    """
    if isinstance(due, Mapping):
        return _by_key(answered, due, lambda a, d: close(a, d, rel=rel, abs=abs))
    try:
        wanted = np.asarray(due)
    except ValueError:  # arrays of several shapes
        wanted = np.empty(0, object)
    if wanted.dtype.kind not in "biufc":
        return _by_place(answered, due, lambda a, d: close(a, d, rel=rel, abs=abs))
    got = as_numbers(answered)
    if isinstance(got, str):
        return got
    if got.size == 1 == wanted.size:
        got = got.reshape(wanted.shape)
    if got.shape != wanted.shape:
        if wanted.ndim == 0:
            return f"one number is asked for, and you give {_shape(got)}"
        return f"you give {_shape(got)}; it should be {_shape(wanted)}"
    if got.dtype.kind == "c" and wanted.dtype.kind != "c":
        if np.abs(got.imag).max(initial=0) > abs:
            return "your numbers are complex; real ones are asked for"
        got = got.real
    if np.isnan(got).any() and not np.isnan(wanted).any():
        return "there is a `nan` in it: not a number, the result of 0/0 or of a root of something negative"
    got, wanted = (
        np.asarray(x, complex if "c" in (got.dtype.kind, wanted.dtype.kind) else float) for x in (got, wanted)
    )
    if np.allclose(got, wanted, rtol=rel, atol=abs, equal_nan=True):
        return None
    return _how_off(got, wanted, rel, abs)


def _how_off(got: np.ndarray, due: np.ndarray, rel: float, abs: float) -> str:
    """Say in what way numbers of equal shape differ."""

    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and np.allclose(a, b, rtol=max(rel, 1e-9), atol=min(abs, 1e-12))

    whole = rel == 0 and not np.iscomplexobj(due) and (due == np.round(due)).all()
    for digits in range(5, 1, -1) if not whole else ():
        rounded = [np.array([_significant(x, digits) for x in due.ravel()]), np.round(due, digits).ravel()]
        if any(same(got.ravel(), r) and not (r == 0).all() for r in rounded):
            return f"right to {digits} digits, and rounded: keep them all"
    if same(got, -due):
        return "right but for the sign"
    if due.ndim == 2 and same(got, due.T):
        return "right, but rows and columns are exchanged"
    if np.iscomplexobj(due) and same(got, due.conj()):
        return "right, but complex conjugated"
    if due.ndim and same(got, due[::-1]):
        return "the right numbers in the reverse order"
    if due.ndim and same(np.sort_complex(got.ravel()), np.sort_complex(due.ravel())):
        return "the right numbers in the wrong places"
    nonzero = due != 0
    if nonzero.any() and not got[~nonzero].any():
        factors = got[nonzero] / due[nonzero]
        factor = complex(factors.flat[0])
        if factor != 0 and np.isfinite(factor) and np.allclose(factors, factor, rtol=1e-6) and due.size > 1:
            of = f"{factor.real:.4g}" if np.abs(factor.imag) < 1e-9 * np.abs(factor) else f"{factor:.4g}"
            return f"all of it is {of} times what it should be"
    if due.size > 1:
        off = ~np.isclose(got, due, rtol=rel, atol=abs)
        return f"{off.sum()} of {due.size} numbers are not right"
    return "the number is not right"


def _significant(x: complex, digits: int) -> complex:
    if x == 0 or not np.isfinite(x):
        return x
    return (
        complex(f"{x.real:.{digits}g}") + 1j * float(f"{x.imag:.{digits}g}")
        if np.iscomplexobj(x)
        else float(f"{x:.{digits}g}")
    )


def as_numbers(answered: Any) -> np.ndarray | str:
    """Return an array of the numbers that an answer is, or a sentence on why it is none.

    Parameters
    ----------
    answered : object
        A number, an array, a list or tuple of them.

    Returns
    -------
    ndarray or str
        The numbers, or what to do.

    Examples
    --------
    >>> as_numbers("0,075")
    "you give the text '0,075', and a number is asked for: leave the quotation marks out"
    """
    if answered is None:
        return NOTHING
    if isinstance(answered, str | bytes):
        return (
            f"you give the text {short(answered)}, and a number is asked for: leave the quotation marks out"
        )
    try:
        array = np.asarray(answered)
        if array.dtype.kind == "O" and array.size and all(isinstance(x, Number) for x in array.flat):
            array = array.astype(float)
    except Exception:  # of whatever an answer may hold
        return f"you give {a(answered)}, and numbers of one shape are asked for"
    if array.dtype.kind not in "biufc":
        if array.dtype.kind == "O" and array.size and any(x is None for x in array.flat):
            return "there is a `None` among what you give"
        return f"you give {a(answered)}, and a number or an array of them is asked for"
    return array


def close_or_rounded_up(answered: Any, due: Any) -> str | None:
    """Compare how many are needed: the number as it comes out, or the next whole number.

    Parameters
    ----------
    answered, due : object
        What came, and what the solution gives, not rounded.

    Returns
    -------
    str or None
        What differs; None if nothing does.

    Examples
    --------
    >>> close_or_rounded_up(8, 7.2) is None
    True
    >>> close_or_rounded_up(7, 7.2)
    'the number is not right'
    """
    difference = close(answered, due)
    if difference is None:
        return None
    got = as_numbers(answered)
    if isinstance(got, str) or got.size != 1 or got.dtype.kind == "c" or not np.isfinite(got).all():
        return difference
    return None if got.item() == np.ceil(due) else "the number is not right"


NOTHING = "your function returns nothing: end it with `return`"


def equal(answered: Any, due: Any) -> str | None:
    """Compare texts, truth values, whole numbers, and tuples, lists and dicts of them: exactly.

    Parameters
    ----------
    answered, due : object
        What came, and what the solution gives.

    Returns
    -------
    str or None
        What differs; None if nothing does.

    Examples
    --------
    >>> equal(3.0, 3) is None
    True
    >>> equal("HZ", "HZS")
    'it is not this text'
    """
    if answered is None and due is not None:
        return NOTHING
    if isinstance(due, Mapping):
        return _by_key(answered, due, equal)
    if isinstance(due, str):
        if not isinstance(answered, str):
            return f"a text is asked for, and you give {a(answered)}"
        return None if answered == due else "it is not this text"
    if isinstance(due, set | frozenset):
        return same_set(answered, due)
    if isinstance(due, bool | np.bool_):
        return _as_truth(answered, bool(due))
    if isinstance(due, list | tuple) and not all(isinstance(x, Number) for x in due):
        return _by_place(answered, due, equal)
    return close(answered, due, rel=0, abs=0)


def _as_truth(answered: Any, due: bool) -> str | None:
    if isinstance(answered, np.ndarray) and answered.size != 1:
        return f"True or False is asked for, and you give {_shape(answered)}"
    if isinstance(answered, np.ndarray):
        answered = answered.item()
    if not isinstance(answered, bool | np.bool_) and not (isinstance(answered, int) and answered in (0, 1)):
        return f"True or False is asked for, and you give {a(answered)}"
    return None if bool(answered) == due else f"you say {bool(answered)}"


def exact(answered: Any, due: Any) -> str | None:
    """Compare whole numbers of any size, arrays and tuples of them: to the last bit, where floats keep 53.

    Parameters
    ----------
    answered, due : object
        What came, and what the solution gives.

    Returns
    -------
    str or None
        What differs; None if nothing does.

    Examples
    --------
    >>> exact([2**64 - 1, 0], np.array([2**64 - 1, 0], np.uint64)) is None
    True
    >>> exact([-1, 0], np.array([2**64 - 1, 0], np.uint64))
    'right but for multiples of 2**64: a word is a number from 0 to 2**64 - 1'
    """
    if answered is None and due is not None:
        return NOTHING
    if isinstance(due, tuple):
        return _by_place(answered, due, exact)
    numbers = as_numbers(answered)
    if isinstance(numbers, str):
        return numbers
    wanted, got = (np.asarray(x, object) for x in (due, answered))  # whole numbers stay whole, of any size
    if got.size == 1 == wanted.size:
        got = got.reshape(wanted.shape)
    if got.shape != wanted.shape:
        return f"you give {_shape(got)}; it should be {_shape(wanted)}"
    pairs = [
        tuple(x.item() if isinstance(x, np.generic) else x for x in pair)
        for pair in zip(got.flat, wanted.flat, strict=True)
    ]
    off = sum(bool(x != w) for x, w in pairs)
    if not off:
        return None
    if all(isinstance(x, int) and (x - w) % 2**64 == 0 for x, w in pairs):
        return "right but for multiples of 2**64: a word is a number from 0 to 2**64 - 1"
    if numbers.dtype.kind in "fc" and any(isinstance(x, float | complex) for x, _ in pairs):
        return "a float keeps 53 bits of a number: stay with whole numbers"
    return "the number is not right" if len(pairs) == 1 else f"{off} of {len(pairs)} numbers are not right"


def same_bytes(answered: Any, due: bytes) -> str | None:
    """Compare bytes, such as hashes and keys, which are right or wrong as a whole.

    Parameters
    ----------
    answered : object
        What the reader's function returned.
    due : bytes
        What the solution returned.

    Returns
    -------
    str or None
        What is wrong; None if nothing is.

    Examples
    --------
    >>> same_bytes(b"ab", b"ab"), same_bytes(b"a", b"ab"), same_bytes(b"ac", b"ab")
    (None, 'you return 1 bytes; 2 are asked for', 'these are other bytes')
    """
    if answered is None:
        return NOTHING
    if isinstance(answered, str):
        return "return the bytes themselves, and not a text of them: `digest()`, not `hexdigest()`"
    if not isinstance(answered, bytes | bytearray):
        return f"return bytes, and not {a(answered)}"
    if len(answered) != len(due):
        return f"you return {len(answered)} bytes; {len(due)} are asked for"
    return None if bytes(answered) == due else "these are other bytes"


def same_set(answered: Any, due: Any) -> str | None:
    """Compare collections whose order and repetitions do not count.

    Parameters
    ----------
    answered, due : collection
        What came, and what the solution gives.

    Returns
    -------
    str or None
        What differs; None if nothing does.

    Examples
    --------
    >>> same_set([2, 1], {1, 2}) is None
    True
    >>> same_set([2], {1, 2})
    'one of 2 is missing'
    """
    if answered is None:
        return NOTHING
    if isinstance(answered, str) or not isinstance(answered, Collection | np.ndarray):
        return f"a set or a list is asked for, and you give {a(answered)}"
    try:
        got, wanted = ({_hashable(x) for x in items} for items in (answered, due))
    except TypeError:
        return "there is something in it that cannot be a member of a set"
    missing, more = len(wanted - got), len(got - wanted)
    if not missing and not more:
        return None
    said = (
        [f"{_count(missing)} of {len(wanted)} {'is' if missing == 1 else 'are'} missing"] if missing else []
    )
    said += [f"{_count(more)} {'does' if more == 1 else 'do'} not belong to it"] if more else []
    return ", and ".join(said)


def same_state(answered: Any, due: Any, *, abs: float = 1e-9) -> str | None:
    """Compare kets, or batches of them along the last axis, up to a phase each.

    Parameters
    ----------
    answered, due : array_like of complex, shape (..., 2**n)
        What came, and what the solution gives, of length 1.
    abs : float
        The largest infidelity.

    Returns
    -------
    str or None
        What differs; None if nothing but phases does.

    Examples
    --------
    >>> same_state([0, 1j], [0, 1]) is None
    True
    >>> same_state([0, 2], [0, 1])
    'your state has the length 2, and not 1: normalise it'
    """
    got = as_numbers(answered)
    if isinstance(got, str):
        return got
    wanted = np.asarray(due)
    if got.shape != wanted.shape:
        return f"you give {_shape(got)}; it should be {_shape(wanted)}"
    if not np.isfinite(got).all():
        return "there is a `nan` or an infinity among the amplitudes"
    lengths = np.linalg.norm(got.astype(complex), axis=-1)  # also of what came in single precision
    off = np.abs(lengths - 1) > 1e-6
    if off.any():
        length = np.asarray(lengths)[off].flat[0]
        if np.abs(length - 1) < 1e-2:
            return "your state is not quite of length 1: keep all digits, or normalise it"
        return f"your state has the length {length:.4g}, and not 1: normalise it"
    overlaps = np.abs((got.conj() * wanted).sum(-1)) / lengths
    if (overlaps**2 > 1 - abs).all():
        return None
    return (
        "it is another state"
        if np.ndim(overlaps) == 0
        else f"{(overlaps**2 <= 1 - abs).sum()} of {overlaps.size} are other states"
    )


def same_circuit(answered: Any, due: Any) -> str | None:
    """Compare circuits without measurements: the same unitary up to a phase.

    Parameters
    ----------
    answered, due : Circuit
        What came, and what the solution gives.

    Returns
    -------
    str or None
        What differs; None if nothing but a phase does.

    Examples
    --------
    >>> same_circuit(Circuit(1).h(0).z(0).h(0), Circuit(1).x(0)) is None
    True
    >>> same_circuit(Circuit(2), Circuit(1).x(0))
    'your circuit has 2 wires; it should have 1'
    """
    if answered is None:
        return NOTHING
    if not isinstance(answered, Circuit):
        return f"a `Circuit` is asked for, and you give {a(answered)}"
    if answered.n_qubits != due.n_qubits:
        return f"your circuit has {answered.n_qubits} wires; it should have {due.n_qubits}"
    if answered.bits:
        return "your circuit measures; it should not"
    if answered.shape != due.shape:
        return "your circuit holds a batch of angles; give one circuit"
    got, wanted = answered.matrix(), due.matrix()
    overlap = np.abs(np.einsum("...ij,...ij->...", got.conj(), wanted)) / wanted.shape[-1]
    if (overlap > 1 - 1e-9).all():
        return None
    if not answered.operations:
        return "your circuit has no gate in it: a `Circuit` never changes, `circuit.h(0)` returns a new one; keep that"
    return "your circuit does something else"


class law:  # a comparison, and called as one: its name is in lower case as those of its sisters
    """Compare random answers by their law: each is drawn often, and the two samples are held against each other.

    A chi-squared test of two samples if the outcomes are few, else that of Kolmogorov and Smirnov on each entry. A right
    answer is refused with the false-alarm chance, in all cases of an exercise together at most times their number.

    Parameters
    ----------
    draws : int
        How often the answer is asked in each case.
    false_alarm : float
        The chance that a right answer is refused in one case.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> law()(list(rng.binomial(5, 0.5, 1000)), list(rng.binomial(5, 0.5, 1000))) is None
    True
    >>> law()(list(rng.binomial(5, 0.6, 1000)), list(rng.binomial(5, 0.5, 1000)))
    'over 1000 draws your answers come with other chances: 3.06 on average and not what it should be'
    """

    def __init__(self, draws: int = 1000, false_alarm: float = 1e-6) -> None:
        self.draws, self.false_alarm = draws, false_alarm

    def __call__(self, answered: list[Any], due: list[Any]) -> str | None:
        """Compare two lists of draws."""
        from scipy.stats import chi2_contingency, ks_2samp

        wanted = np.array([np.asarray(x, float) for x in due])
        for one in answered:
            got = as_numbers(one)
            if isinstance(got, str):
                return got
            if got.size != wanted[0].size:
                return f"you give {_shape(got)}; it should be {_shape(wanted[0])}"
            if got.dtype.kind == "c":
                return "your numbers are complex; real ones are asked for"
            if np.isnan(got).any():
                return "there is a `nan` in it: not a number"
        columns = wanted.reshape(len(due), -1)
        seen = np.array([np.asarray(x, float).reshape(-1) for x in answered])
        seen, columns = _nine_digits(seen), _nine_digits(columns)  # the same value, computed in another way
        values, index = np.unique(np.concatenate([seen, columns]), axis=0, return_inverse=True)
        if len(values) <= max(2, len(due) // 20):
            table = np.array(
                [np.bincount(part, minlength=len(values)) for part in np.split(index.ravel(), [len(seen)])]
            )
            rare = table.sum(0) < 10
            if rare.any():
                table = np.column_stack([table[:, ~rare], table[:, rare].sum(1)])
            chance = chi2_contingency(table).pvalue if table.shape[1] > 1 else 1.0
        else:
            tests = [ks_2samp(a, b).pvalue for a, b in zip(seen.T, columns.T, strict=True)]
            chance = min(tests) * len(tests)
        if chance >= self.false_alarm:
            return None
        error = np.sqrt((seen.var(0) + columns.var(0)) / len(seen))  # of a difference of means
        return (
            f"over {len(answered)} draws your answers come with other chances: {seen.mean():.4g} on average and not what "
            "it should be"
            if (np.abs(seen.mean(0) - columns.mean(0)) > 5 * error).any()
            else f"over {len(answered)} draws your answers come with other chances than they should"
        )


def _nine_digits(x: np.ndarray) -> np.ndarray:
    """Round to nine digits, and to zero what is below any of them."""
    magnitude = np.abs(x)
    counts = np.isfinite(x) & (magnitude > 1e-12)
    unit = 10.0 ** (np.floor(np.log10(np.where(counts, magnitude, 1))) - 8)
    return np.where(counts, np.round(x / unit) * unit, np.where(np.isfinite(x), 0.0, x))


def _by_key(answered: Any, due: Mapping[Any, Any], compare: Comparison) -> str | None:
    """Compare mappings entry by entry."""
    if answered is None:
        return NOTHING
    if not isinstance(answered, Mapping):
        return f"a dict is asked for, and you give {a(answered)}"
    missing = [key for key in due if key not in answered]
    if missing:
        return f"the key {missing[0]!r} is missing"
    more = [key for key in answered if key not in due]
    if more:
        return f"the key {short(more[0])} does not belong to it"
    for key, value in due.items():
        if answered[key] is None and value is not None:
            return f"at {key!r}: there is `None`, no value yet"
        if difference := compare(answered[key], value):
            return f"at {key!r}: {difference}"
    return None


def _by_place(answered: Any, due: Any, compare: Comparison) -> str | None:
    """Compare sequences place by place."""
    if answered is None:
        return None if due is None else NOTHING
    if isinstance(due, str):
        return equal(answered, due)
    if due is None:  # nor is an array asked whether it is None: it would answer for each of its numbers
        return f"you give {a(answered)}, which is not it"
    if not isinstance(due, list | tuple | np.ndarray):
        return None if answered == due else f"you give {a(answered)}, which is not it"
    if isinstance(answered, str) or not isinstance(answered, list | tuple | np.ndarray):
        return f"{len(due)} things are asked for, as a tuple, and you give {a(answered)}"
    if len(answered) != len(due):
        return f"{len(due)} things are asked for, and you give {len(answered)}"
    for place, (one, other) in enumerate(zip(answered, due, strict=True), 1):
        if one is None and other is not None:
            return f"the {_ordinal(place)} of {len(due)}: there is `None`, no value yet"
        if difference := compare(one, other):
            return f"the {_ordinal(place)} of {len(due)}: {difference}"
    return None


def _hashable(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        x = x.tolist()
    if isinstance(x, np.generic):
        x = x.item()
    return tuple(map(_hashable, x)) if isinstance(x, list | tuple) else x


def _ordinal(n: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(n, f"{n}th")


def _count(n: int) -> str:
    return "one" if n == 1 else str(n)


def _shape(array: np.ndarray) -> str:
    if array.ndim == 0:
        return "one number"
    return f"{array.size} numbers" if array.ndim == 1 else f"an array of shape {array.shape}"


def short(x: Any, longest: int = 60) -> str:
    """Return the `repr` of anything on one line, cut; what cannot show itself is called by its type.

    Parameters
    ----------
    x : object
        Anything.
    longest : int
        The largest number of characters.

    Returns
    -------
    str

    Examples
    --------
    >>> short("a" * 100, longest=10)
    "'aaaaa ..."
    """
    try:
        text = " ".join(repr(x).split())
    except Exception:  # of whatever an answer may hold
        text = f"a {type(x).__name__}"
    return text if len(text) <= longest else text[: longest - 4] + " ..."


def a(x: Any) -> str:
    """Return what kind of thing an answer is, with its article.

    Parameters
    ----------
    x : object
        Anything.

    Returns
    -------
    str

    Examples
    --------
    >>> a(3), a([1]), a(abs), a(Circuit(1))
    ('the number 3', 'a list of 1', 'a function', 'a Circuit')
    """
    if isinstance(x, bool | np.bool_):
        return f"{bool(x)}"
    if isinstance(x, str):
        return f"the text {short(x)}"
    if isinstance(x, Number):
        return f"the number {short(x)}"
    if isinstance(x, np.ndarray):
        return _shape(x)
    if isinstance(x, list | tuple | dict | set):
        return f"a {type(x).__name__} of {len(x)}"
    if callable(x) and not isinstance(x, type) and type(x).__module__ in ("builtins", "functools"):
        return "a function"
    name = type(x).__name__ or "thing"
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"
