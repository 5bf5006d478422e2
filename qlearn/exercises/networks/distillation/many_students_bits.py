"""What a round of outputs costs, beside a round of parameters."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="neither the number of students nor the width of a word is in the third number: both ways pay them alike.",
    because=r"""
        A round of parameters is $2ndw$ bits, one of outputs $2n\,r(c-1)w$ for r rows and c classes: the size of the model is not
        in it. So small models cost less as parameters, and large ones as outputs. The rows are sent once, $n\,r f w$ bits for f
        features. With $s=d-r(c-1)$ words saved in each direction of a round, the second way has sent less after R rounds if
        $2sR>rf$: $R=\lfloor rf/2s\rfloor+1$, and never if s is not above 0. This counts bits alone: what the two ways learn is
        another question.
    """,
)
def many_students_bits(n, d, rows, classes, features, w):
    """n students learn together with a server, in one of two ways. With *parameters*, each student sends its d parameters in each
    round, and gets d back. With *outputs*, all students hold the same `rows` rows, of `features` numbers each, which the
    server has sent to every student once, before the first round. In each round each student sends its probabilities
    of the `classes` classes for each row, and gets as many merged ones back. The last class is never sent: its probability
    follows from the others. Every number is a word of w bits. Return the tuple `(parameters, outputs, rounds)`: the bits of one
    round in the first way and in the second (without the rows), and the least number of rounds after which
    the second way has sent *fewer* bits than the first in all, the rows counted; None if it never has.
    """
    answers = rows * (classes - 1)
    saved = d - answers
    rounds = rows * features // (2 * saved) + 1 if saved > 0 else None
    return 2 * n * d * w, 2 * n * answers * w, rounds


@many_students_bits.cases
def federations(rng):
    """Small models and large; rows that pay at once, late, and never; as many words either way; rows that all know; totals that
    are equal to the bit."""
    yield 10, 21, 100, 2, 4, 64
    yield 10, 2410, 100, 10, 64, 32
    for _ in range(6):
        rows, classes, features = (int(rng.integers(*ends)) for ends in ((5, 200), (2, 11), (1, 60)))
        answers = rows * (classes - 1)
        d = answers + int(10 ** rng.uniform(0, 4))
        yield int(rng.integers(1, 40)), d, rows, classes, features, int(rng.choice([8, 12, 16, 32, 64]))
    rows, classes, n = (int(rng.integers(*ends)) for ends in ((5, 50), (2, 7), (2, 9)))
    answers = rows * (classes - 1)
    yield n, answers, rows, classes, 5, 32  # as many words either way
    yield n, answers - 1, rows, classes, 3, 32
    yield n, answers + 1, rows, classes, 3, 16
    yield n, answers + 2, rows, classes, 0, 32  # everybody has the rows
    yield (
        n,
        answers + rows,
        rows,
        classes,
        2 * int(rng.integers(1, 9)),
        32,
    )  # equal totals after features / 2 rounds
    yield n, answers + 10**6, rows, classes, 7, 12


def _slip(n, d, rows, classes, features, w, *, ways=2, each=-1, once=1, more=1, least=1):
    """Both rounds, and when the second way has sent less, with something changed."""
    answers = rows * (classes + each)
    saved = d - answers
    rounds = once * rows * features // (ways * saved) + more if saved >= least else None
    return ways * n * d * w, ways * n * answers * w, rounds


@many_students_bits.mistake("the last class is not sent: `classes` - 1 numbers a row.")
def all_classes(*given):
    return _slip(*given, each=0)


@many_students_bits.mistake("the numbers travel both ways: up, and the merged ones back.")
def one_way(*given):
    return _slip(*given, ways=1)


@many_students_bits.mistake("each of the n students sends and gets: that is one of them.")
def one_student(n, *given):
    return _slip(1, *given)


@many_students_bits.mistake("those are words: each of them has w bits.")
def words(n, d, rows, classes, features, w):
    return _slip(n, d, rows, classes, features, 1)


@many_students_bits.mistake(
    "the bits of a round are right. For the rounds you forgot that the rows have to be sent first."
)
def without_the_rows(*given):
    return _slip(*given, once=0)


@many_students_bits.mistake(
    "the bits of a round are right. For the rounds, the rows go one way, and once: they are not sent back."
)
def rows_both_ways(*given):
    return _slip(*given, once=2)


@many_students_bits.mistake(
    "the bits of a round are right. Where the totals are equal the second way has not yet sent *fewer* bits."
)
def equal_is_enough(*given):
    _, d, rows, classes, features, _ = given
    *both, rounds = many_students_bits.solution(*given)
    if rounds is not None and (rounds - 1) * 2 * (d - rows * (classes - 1)) == rows * features:
        rounds -= 1
    return *both, rounds


@many_students_bits.mistake(
    "the bits of a round are right. The rounds are one too few: after them it has not sent fewer bits."
)
def one_round_too_few(*given):
    return _slip(*given, more=0)


@many_students_bits.mistake(
    "the bits of a round are right. `rounds` is a whole number: the first at the end of which less has been sent."
)
def not_whole(n, d, rows, classes, features, w):
    *both, rounds = many_students_bits.solution(n, d, rows, classes, features, w)
    saved = d - rows * (classes - 1)
    return *both, None if rounds is None else rows * features / (2 * saved)


@many_students_bits.mistake(
    "the bits of a round are right. A model with fewer words than the answers is never caught up with: None, no negative number."
)
def negative_rounds(n, d, rows, classes, features, w):
    *both, _ = many_students_bits.solution(n, d, rows, classes, features, w)
    saved = d - rows * (classes - 1)
    return *both, rows * features // (2 * saved) + 1 if saved else None


@many_students_bits.mistake(
    "the bits of a round are right. Where it never has sent fewer bits, `rounds` is None and not 0."
)
def zero_for_never(*given):
    *both, rounds = many_students_bits.solution(*given)
    return *both, rounds or 0


@many_students_bits.mistake(
    "`outputs` is to be the bits of one round alone: the rows are sent once, before the first."
)
def rows_in_each_round(n, d, rows, classes, features, w):
    parameters, outputs, rounds = many_students_bits.solution(n, d, rows, classes, features, w)
    return parameters, outputs + n * rows * features * w, rounds


@many_students_bits.mistake("the first two are exchanged: `parameters` comes first.")
def exchanged(*given):
    parameters, outputs, rounds = many_students_bits.solution(*given)
    return outputs, parameters, rounds
