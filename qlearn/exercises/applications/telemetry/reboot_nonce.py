"""Numbers that no loss of power brings back."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="what is in flash is a promise about the future: every number below it may have been used, none from it on was.",
    because="""
        Written *after* it is used, the last number could be lost with the power, and would come again. Written before every
        single number, the flash wears out. So it is written before, for a step of numbers at once. After a reboot the sensor
        cannot know how many of the step were used and goes on behind all of them. A reboot costs at most `stride` numbers;
        counters of four bytes have plenty. Two reboots in a row cost nothing more, as nothing was promised in between.
    """,
)
def reboot_nonce(events, stride):
    """A sensor numbers its frames from 0 on, and keeps the next number in memory. In flash it keeps `reserved`, at first 0: it
    uses no number that is not below it. When the next number is not below `reserved`, it first writes that number plus
    `stride` to flash, and then uses the number. A reboot clears the memory; then the next number is `reserved`. `events` is a
    text of the letters s, send a frame, and r, reboot. Return the tuple `(numbers, writes)`: the numbers of all frames, as a
    list, and how often the flash was written.
    """
    number = reserved = writes = 0
    numbers = []
    for event in events:
        if event == "r":
            number = reserved
        else:
            if number >= reserved:
                reserved = number + stride
                writes += 1
            numbers.append(number)
            number += 1
    return numbers, writes


@reboot_nonce.cases
def lives(rng):
    """Nothing; no reboot; only reboots; a reboot at each place of a step; long lives."""
    yield "", 4
    yield "rr", 4
    yield "s" * 9, 4
    yield "ssssrssssr", 4
    yield "srsrsrrs", 3
    yield "sssrss", 1
    for _ in range(6):
        stride = int(rng.integers(2, 9))
        yield "".join(rng.choice(["s", "r"], int(rng.integers(20, 60)), p=(0.85, 0.15)).tolist()), stride


def _slip(events, stride, **changed):
    number = reserved = writes = 0
    numbers = []
    for event in events:
        if event == "r":
            number = changed.get("after", lambda number, reserved: reserved)(number, reserved)
        else:
            if changed.get("due", lambda number, reserved: number >= reserved)(number, reserved):
                reserved = changed.get("next", lambda number, reserved: number + stride)(number, reserved)
                writes += 1
            numbers.append(number)
            number += 1
    return numbers, writes


@reboot_nonce.mistake(
    "after a reboot you begin at 0 again: the same nonces under the same key tell two readings."
)
def from_zero(events, stride):
    return _slip(events, stride, after=lambda number, reserved: 0)


@reboot_nonce.mistake(
    "a reboot clears the memory: the sensor knows `reserved`, and no longer the number it had come to."
)
def remembers(events, stride):
    return _slip(events, stride, after=lambda number, reserved: number)


@reboot_nonce.mistake("going on one step *before* `reserved` uses numbers again that may have been used.")
def one_step_back(events, stride):
    return _slip(events, stride, after=lambda number, reserved: max(0, reserved - stride))


@reboot_nonce.mistake("you skip a step at each reboot: from `reserved` on nothing was used, so begin there.")
def a_step_too_far(events, stride):
    return _slip(events, stride, after=lambda number, reserved: reserved + stride)


@reboot_nonce.mistake(
    "you write before every frame: once for each `stride` numbers is enough, and spares the flash."
)
def writes_always(events, stride):
    return _slip(events, stride, due=lambda number, reserved: True)


@reboot_nonce.mistake("`reserved` itself is not below `reserved`: write before you use it.")
def one_too_late(events, stride):
    return _slip(events, stride, due=lambda number, reserved: number > reserved)


@reboot_nonce.mistake("both are asked for: the list of numbers, and how often the flash was written.")
def numbers_alone(events, stride):
    return _slip(events, stride)[0]
