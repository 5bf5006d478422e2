"""Which defences a federation can have."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import same_set


@exercise(
    level="core",
    right="who hides the updates keeps two rules that look at the sum; neither of them tells who lied.",
    same=same_set,
    because=r"""
        Median, Krum and the clipping of each update look at single updates: under secure aggregation nobody has them, though
        a link were perfect. Of those that remain, the median needs $2f<n$, and Krum $2f+2<n$: five hospitals bear one liar.
        Clipping needs no majority. The step of the *sum* can always be bounded, and a round be tried where the server has
        patients of its own.
    """,
)
def which_defences(n, f, secure, own_patients):
    """n hospitals, of which up to f lie. `secure` tells whether the server gets the sum of the updates only; `own_patients`
    whether it has patients of its own to try a model on. Return the list of the rules that can be computed and that promise
    something against f liars: "median" (2 f < n), "krum" (2 f + 2 < n), "norm clipping" (of each update), "sum clipping" (of the
    step of the sum), "round check" (of the merged model, on the server's patients). The last three need no majority.
    """
    rules = ["sum clipping"]
    if own_patients:
        rules.append("round check")
    if not secure:
        rules.append("norm clipping")
        if 2 * f < n:
            rules.append("median")
        if 2 * f + 2 < n:
            rules.append("krum")
    return rules


@which_defences.cases
def federations(rng):
    """Borders of both conditions, with sight and without, with patients and without."""
    for n, f in ((5, 1), (4, 1), (5, 2), (4, 2), (6, 2), (7, 2), (3, 1), (3, 2), (8, 3), (9, 3), (2, 0)):
        for secure in (False, True):
            yield n, f, secure, bool(rng.integers(2))
    yield 5, 1, True, True
    yield 5, 1, True, False
    yield 5, 1, False, True
    yield 5, 1, False, False


def _with(n, f, secure, own_patients, median, krum):
    rules = ["sum clipping", *(["round check"] if own_patients else [])]
    if not secure:
        rules += ["norm clipping", *(["median"] if median else []), *(["krum"] if krum else [])]
    return rules


@which_defences.mistake(
    "median, Krum and norm clipping look at single updates, which secure aggregation hides."
)
def sees_through(n, f, secure, own_patients):
    return _with(n, f, False, own_patients, 2 * f < n, 2 * f + 2 < n)


@which_defences.mistake("Krum asks for more than the median: 2 f + 2 < n.")
def krum_as_median(n, f, secure, own_patients):
    return _with(n, f, secure, own_patients, 2 * f < n, 2 * f < n)


@which_defences.mistake(
    "with 2 f = n liars hold half, and with 2 f + 2 = n Krum may pick one: both conditions are strict."
)
def not_strict(n, f, secure, own_patients):
    return _with(n, f, secure, own_patients, 2 * f <= n, 2 * f + 2 <= n)


@which_defences.mistake("a round can be tried only where the server has patients of its own.")
def always_checks(n, f, secure, own_patients):
    return _with(n, f, secure, True, 2 * f < n, 2 * f + 2 < n)


@which_defences.mistake(
    "the step of the sum and the merged model can be looked at under secure aggregation, too."
)
def nothing_is_left(n, f, secure, own_patients):
    return [] if secure else which_defences.solution(n, f, secure, own_patients)
