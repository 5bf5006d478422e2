"""Nonces that are counted, and a receiver that takes none of them twice."""

from itertools import count
from numbers import Integral

from qlearn.exercises import Verdict, exercise
from qlearn.exercises._refusals import Seen, outcome, two_functions
from qlearn.exercises.comparisons import NOTHING, a


@exercise(
    level="core",
    right="no nonce is made twice, not even after the last; and none is taken twice, in whatever order they come.",
    because="""
        AES-GCM falls to a nonce that is used twice under one key, so the sender counts upwards only, and stops for good when
        8 bytes no longer hold the number: starting again at 0 would use nonces once more. `count` never goes back, and
        `to_bytes` refuses what does not fit. Two senders under one key need two fixed fields. A receiver that refuses what
        lies 64 or more behind need remember no more than the highest number and which of the 63 before it were taken: the
        set here could be cut, the chapter's session holds it in 64 bits. Check everything before you remember anything. In a
        real session the tag of the message is checked in between: else a forged nonce with a high number would shut out
        the true ones.
    """,
    stub="def nonce_counter(fixed, start):\n    ...\n    # return next_nonce, accept\n",
)
def nonce_counter(fixed, start):
    """A nonce of AES-GCM has 96 bits: `fixed`, 4 bytes that belong to one sender, and behind it a number of 8 bytes, the
    highest first. Return two functions that keep what they need between calls. The sender's `next_nonce()` returns the nonces
    one after the other, as bytes, the first with the number `start`; after the number `2**64 - 1` it raises `OverflowError`
    whenever it is called. The receiver's `accept(nonce)` returns the number of a nonce of this sender and takes each once, in
    whatever order, whatever is missing; it raises `ValueError`, and forgets that it was asked, if the nonce has not 12 bytes, or
    another fixed field, or was taken, or is 64 or more behind the highest number taken so far. The two know nothing of each
    other. If `fixed` has not 4 bytes, `nonce_counter` itself raises `ValueError`. Given: `count` of `itertools`.
    """
    if len(fixed) != 4:
        raise ValueError(f"fixed must have 4 bytes, not {len(fixed)}")
    numbers, taken = count(start), set()

    def next_nonce():
        return fixed + next(numbers).to_bytes(8, "big")  # what 8 bytes do not hold is an OverflowError

    def accept(nonce):
        if len(nonce) != 12 or nonce[:4] != fixed:
            raise ValueError("this is no nonce of this sender")
        came = int.from_bytes(nonce[4:], "big")
        if came in taken or any(came <= number - 64 for number in taken):
            raise ValueError("the nonce was taken already, or comes too late")
        taken.add(came)
        return came

    return next_nonce, accept


def _fields(rng):
    """Two fixed fields that differ in one byte."""
    fixed = rng.bytes(4)
    return fixed, bytes([*fixed[:3], fixed[3] ^ (1 + int(rng.integers(255)))])


def _nonce(fixed, number):
    return fixed + number.to_bytes(8, "big")


def _is(got, fixed, number):
    return isinstance(got, bytes | bytearray) and bytes(got) == _nonce(fixed, number)


def _made(answer, fixed, start):
    return two_functions(answer(fixed, start), "next_nonce, accept")


def _sends(answer, rng):
    """The sender: the first numbers, a carry over bytes, the last number, and nothing after it."""
    fixed, other = _fields(rng)
    start = int(rng.integers(2**33, 2**60))
    for first in (0, 1, 255, 2**32 - 1, start):
        next_nonce, _ = _made(answer, fixed, first)
        for number in range(first, first + 3):
            got = next_nonce()
            _see_the_form(got, fixed, number)
            if not _is(got, fixed, number):
                raise Seen(
                    f"started at {first}, call {number - first + 1} of `next_nonce` does not give the number {number} behind the "
                    "fixed field: start at `start`, and go up by 1"
                    + (", without floats: they have 53 bits." if first > 2**53 else ".")
                )
    one, _ = _made(answer, fixed, 5)
    two, _ = _made(answer, other, 9)
    one(), one()
    if not _is(two(), other, 9) or not _is(one(), fixed, 7):
        raise Seen(
            "two senders share their state: each call of `nonce_counter` makes one with a number of its own."
        )
    next_nonce, _ = _made(answer, fixed, 2**64 - 2)
    for number in (2**64 - 2, 2**64 - 1):
        got, refusal = outcome(next_nonce)
        if refusal is not None:
            raise Seen(
                f"`next_nonce` stops with {type(refusal).__name__} at the number 2**64 - {2**64 - number}, which still fits into "
                "8 bytes and was not used."
            )
        if not _is(got, fixed, number):
            raise Seen(f"`next_nonce` is not right at the number 2**64 - {2**64 - number}: go up by 1.")
    for asked in ("after the number 2**64 - 1", "asked again after it has refused"):
        got, refusal = outcome(next_nonce)
        if refusal is None and got is None:
            raise Seen(f"{asked}, `next_nonce` *returns* None: `raise OverflowError(...)`.")
        if refusal is None:
            raise Seen(
                f"{asked}, `next_nonce` goes on: whatever it gives was used, or is no nonce. It is to stop for good."
            )
        if not isinstance(refusal, OverflowError):
            raise Seen(
                f"{asked}, `next_nonce` stops with {type(refusal).__name__}, and it is to be OverflowError."
            )


def _see_the_form(got, fixed, number):
    if got is None:
        raise Seen(f"`next_nonce`: {NOTHING}.")
    if not isinstance(got, bytes | bytearray):
        raise Seen(f"a nonce is bytes, and `next_nonce` gives {a(got)}.")
    if len(got) != 12:
        raise Seen(f"a nonce has 12 bytes, and yours has {len(got)}.")
    for seen, said in (
        (number.to_bytes(8, "big") + fixed, "the fixed field stands first, and the number behind it."),
        (fixed + number.to_bytes(8, "little"), 'the number is to have its highest byte first: "big".'),
    ):
        if bytes(got) == seen != _nonce(fixed, number):
            raise Seen(said)
    if bytes(got)[:4] != fixed:
        raise Seen("the first 4 bytes of a nonce are the fixed field, as it was given.")


class _Receiver:
    """The student's receiver, with nothing taken."""

    def __init__(self, answer, fixed, start=0):
        self.fixed, self.accept = fixed, _made(answer, fixed, start)[1]

    def takes(self, number, else_say):
        """See that a nonce is taken."""
        got, refusal = outcome(self.accept, _nonce(self.fixed, number))
        if isinstance(refusal, ValueError):
            raise Seen(else_say)
        if refusal is not None:
            raise refusal
        if got is None:
            raise Seen(f"`accept`: {NOTHING} the number of the nonce.")
        if isinstance(got, bool) or not isinstance(got, Integral) or got != number:
            raise Seen(
                f"`accept` is to return the number of the nonce, and returns {a(got)} for the number {number}."
            )

    def refuses(self, nonce, when, else_say):
        """See that a nonce is refused."""
        got, refusal = outcome(self.accept, nonce)
        if refusal is None:
            if got is None or got is False:
                raise Seen(f"{when}, `accept` *returns* {got}: `raise ValueError(...)`.")
            raise Seen(else_say)
        if not isinstance(refusal, ValueError):
            raise Seen(f"{when}, `accept` stops with {type(refusal).__name__}, and it is to be ValueError.")


def _receives(answer, rng):
    """The receiver: replays, late ones, the edge of the window, foreign and damaged nonces."""
    fixed, other = _fields(rng)
    base = int(rng.integers(1000, 2**40))
    replayed = "a nonce is taken a second time: who sends an old message again is believed."
    alone = "the first nonce that comes, the number {}, is refused: it may have any number, whatever another receiver took."
    _Receiver(answer, fixed).takes(base, alone.format(base))
    for first in (0, base):
        receiver = _Receiver(answer, fixed, start=7)
        receiver.takes(first, alone.format(first))
        receiver.refuses(_nonce(fixed, first), "for a nonce that was taken", replayed)
    receiver.takes(base + 3, "a nonce is refused because others before it are missing: messages may be lost.")
    late = "a nonce that another has overtaken is refused: it was not taken yet, and is less than 64 behind."
    receiver.takes(base + 1, late)
    for number in (base, base + 1, base + 3):
        receiver.refuses(
            _nonce(fixed, number),
            "for a nonce that was taken earlier",
            "a nonce is taken again if another came in between: remember more than the last.",
        )
    receiver.takes(base + 2, late)
    high = base + 500
    foreign = (
        "a nonce with another fixed field is taken: it is of another sender, whose numbers are not these."
    )
    receiver.refuses(_nonce(other, high), "for another sender's nonce", foreign)
    for nonce in (b"", fixed, _nonce(fixed, high)[:-1], _nonce(fixed, high) + b"\0"):
        receiver.refuses(
            nonce,
            f"for a nonce of {len(nonce)} bytes",
            f"a nonce of {len(nonce)} bytes is taken: it has to have 12.",
        )
    receiver.takes(
        base + 4,
        "a nonce that was *refused* has moved the window: check everything before you remember anything.",
    )
    receiver.takes(base + 100, "a nonce is refused because it is far ahead: messages may be lost.")
    receiver.takes(base + 37, "a nonce that is 63 behind the highest is refused; only 64 behind is too late.")
    edge = "a nonce that is 63 behind is taken a second time: those up to 63 behind have to be remembered."
    for number in (base + 37, base + 100):
        receiver.refuses(_nonce(fixed, number), "for a nonce that was taken earlier", edge)
    old = "a nonce that is 64 behind the highest is taken: from there on nobody remembers what was taken."
    receiver.refuses(_nonce(fixed, base + 36), "for a nonce that is 64 behind", old)
    receiver.refuses(_nonce(fixed, 0), "for a nonce that is far behind", old)
    receiver.takes(base + 38, late)
    receiver.takes(2**64 - 1, "the largest number, 2**64 - 1, is refused.")
    receiver.takes(2**64 - 64, "a nonce that is 63 behind 2**64 - 1 is refused: are your numbers floats?")
    receiver = _Receiver(answer, fixed)
    for number in range(base, base + 64):
        receiver.takes(number, "nonces that come in order are refused after a while.")
    full = "64 nonces come in a row, and one of them is taken again: all that are less than 64 behind have to be remembered."
    for number in range(base, base + 64):
        receiver.refuses(_nonce(fixed, number), "for a nonce that was taken, as all before it", full)
    next_nonce, accept = _made(answer, fixed, base)
    sent = next_nonce()
    again = _Receiver(answer, fixed)
    again.accept = accept
    again.takes(
        base,
        "the receiver refuses what the sender made, or one receiver what another took: they share their state.",
    )
    again.takes(
        base + 1,
        "the receiver refuses what the sender has still to make: the two know nothing of each other.",
    )
    later = next_nonce()
    if not _is(sent, fixed, base) or not _is(later, fixed, base + 1):
        raise Seen(
            "what the receiver takes changes the number of the sender: the two know nothing of each other."
        )


def _any_order(answer, rng):
    """Nonces as they come: ahead, late, again."""
    for _ in range(12):
        fixed, other = _fields(rng)
        receiver, taken = _Receiver(answer, fixed), set()
        at = int(rng.integers(0, 2**62))
        for turn in range(1, 61):
            at = max(0, at + int(rng.integers(-70, 80)))
            field = other if rng.random() < 0.1 else fixed
            what = f"after {turn} nonces in any order, "
            if field == other or at in taken or (taken and max(taken) - at >= 64):
                receiver.refuses(
                    _nonce(field, at),
                    what + "where it has to refuse",
                    what + "`accept` takes one that it must refuse.",
                )
            else:
                receiver.takes(at, what + "`accept` refuses one that it must take.")
                taken.add(at)


@nonce_counter.grader
def never_twice(answer, rng):
    """Count with the sender to the end, and send the receiver what Eve would."""
    try:
        for part in (_sends, _receives, _any_order):
            part(answer, rng)
        for wrong in (b"", rng.bytes(3), rng.bytes(5), rng.bytes(12)):
            _, refusal = outcome(answer, wrong, 0)
            if not isinstance(refusal, ValueError):
                how = "made" if refusal is None else f"refused by {type(refusal).__name__}"
                raise Seen(
                    f"with a fixed field of {len(wrong)} bytes a counter is {how}: `raise ValueError(...)`."
                )
    except Seen as seen:
        return Verdict.wrong(str(seen))
    return None


def _slip(fixed, start, **changed):
    """A counter with something changed."""
    if len(fixed) != 4 and not changed.get("any_field"):
        raise ValueError(fixed)
    number, taken = start, changed.get("taken", set())
    order, last = changed.get("order", "big"), changed.get("last", 2**64 - 1)

    def next_nonce():
        nonlocal number
        if number > last:
            if changed.get("wraps"):
                number = 0
            raise OverflowError(number)
        number += 1
        return fixed + (number - 1).to_bytes(8, order)

    def accept(nonce):
        if len(nonce) != 12 and not changed.get("any_length"):
            raise changed.get("kind", ValueError)(nonce)
        came = int.from_bytes(nonce[4:], order)
        if changed.get("remembers_first"):
            taken.add(("highest", came))
        if nonce[:4] != fixed and not changed.get("any_sender"):
            raise ValueError(nonce)
        numbers = [x if isinstance(x, int) else x[1] for x in taken]
        behind = max(numbers, default=came) - came
        if (came in taken and changed.get("once", True)) or behind >= changed.get("window", 64):
            raise ValueError(nonce)
        taken.add(came)
        return came

    return next_nonce, accept


@nonce_counter.mistake()
def the_lowest_byte_first(fixed, start):
    return _slip(fixed, start, order="little")


@nonce_counter.mistake()
def the_number_first(fixed, start):
    next_nonce, accept = _slip(fixed, start)

    def turned():
        nonce = next_nonce()
        return nonce[4:] + nonce[:4]

    return turned, accept


@nonce_counter.mistake()
def a_number_of_four_bytes(fixed, start):
    next_nonce, accept = _slip(fixed, start)

    def short():
        nonce = next_nonce()
        return nonce[:4] + nonce[8:]

    return short, accept


@nonce_counter.mistake()
def counts_before_it_gives(fixed, start):
    return _slip(fixed, start + 1)


@nonce_counter.mistake()
def begins_again(fixed, start):
    return _slip(fixed, start, wraps=True)


@nonce_counter.mistake()
def wraps_round(fixed, start):
    number, accept = [start], _slip(fixed, start)[1]

    def next_nonce():
        number[0] += 1
        return fixed + ((number[0] - 1) % 2**64).to_bytes(8, "big")

    return next_nonce, accept


@nonce_counter.mistake()
def stops_one_early(fixed, start):
    return _slip(fixed, start, last=2**64 - 2)


@nonce_counter.mistake()
def takes_it_again(fixed, start):
    return _slip(fixed, start, once=False)


@nonce_counter.mistake()
def remembers_the_last_alone(fixed, start):
    next_nonce, accept = _slip(fixed, start, once=False)
    last = []

    def not_the_last(nonce):
        came = accept(nonce)
        if last == [came]:
            raise ValueError(nonce)
        last[:] = [came]
        return came

    return next_nonce, not_the_last


@nonce_counter.mistake()
def rising_alone(fixed, start):
    return _slip(fixed, start, window=1)


@nonce_counter.mistake()
def a_window_one_short(fixed, start):
    return _slip(fixed, start, window=63)


@nonce_counter.mistake()
def a_window_one_long(fixed, start):
    return _slip(fixed, start, window=65)


@nonce_counter.mistake()
def anybodys(fixed, start):
    return _slip(fixed, start, any_sender=True)


@nonce_counter.mistake()
def remembers_before_it_looks(fixed, start):
    return _slip(fixed, start, remembers_first=True)


@nonce_counter.mistake()
def remembers_a_few(fixed, start):
    taken = set()
    next_nonce, accept = _slip(fixed, start, taken=taken)

    def forgets(nonce):
        came = accept(nonce)
        if len(taken) > 20:
            taken.remove(min(taken))
        return came

    return next_nonce, forgets


@nonce_counter.mistake()
def of_any_length(fixed, start):
    return _slip(fixed, start, any_length=True)


@nonce_counter.mistake()
def a_field_of_any_length(fixed, start):
    return _slip(fixed, start, any_field=True)


@nonce_counter.mistake()
def true_and_false(fixed, start):
    next_nonce, accept = _slip(fixed, start)

    def tells(nonce):
        try:
            accept(nonce)
        except ValueError:
            return False
        return True

    return next_nonce, tells


@nonce_counter.mistake()
def numbers_alone(fixed, start):
    next_nonce, accept = _slip(fixed, start)
    return lambda: int.from_bytes(next_nonce()[4:], "big"), accept


@nonce_counter.mistake()
def none_at_the_end(fixed, start):
    next_nonce, accept = _slip(fixed, start)

    def gives_none():
        try:
            return next_nonce()
        except OverflowError:
            return None

    return gives_none, accept


@nonce_counter.mistake()
def its_own_are_taken(fixed, start):
    taken = set()
    next_nonce, accept = _slip(fixed, start, taken=taken)

    def notes():
        nonce = next_nonce()
        taken.add(int.from_bytes(nonce[4:], "big"))
        return nonce

    return notes, accept
