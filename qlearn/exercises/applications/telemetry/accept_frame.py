"""Which frames a gateway takes: replays, late ones, and two keys for a while."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="each key has a window of its own, and the last one a time to live; a refused frame moves neither.",
    because="""
        Numbers begin at 0 under each key, so a window belongs to a key: one for all would refuse the first frames under a new
        key, or take replays under the old one. The first frame under the next key proves that the sensor has it; from then on
        the key before is only good for what was overtaken on the way, and for `overlap` seconds. Check everything before
        anything is changed: a replay that is refused must not start the clock anew.
    """,
)
def accept_frame(frames, overlap, window):
    """Frames of one sensor reach a gateway as a list of `(time, key, number)`, by time, all with right tags. It begins with key
    0. A frame under the key after the present one moves it to that key, and is taken; the key before is then taken for
    frames with a time up to `overlap` after that move, and all earlier keys never again. No other key is taken. Under each
    key a number is taken once, and not if it is `window` or more below the highest number taken under that key. Return a
    list with True for each frame that is taken, False for the others.
    """
    now, until = 0, float("-inf")
    taken = {0: set()}
    verdicts = []
    for time, key, number in frames:
        known = key in (now, now + 1) or (key == now - 1 and time <= until)
        seen = taken.setdefault(key, set())
        good = known and number not in seen and all(number > other - window for other in seen)
        if good:
            seen.add(number)
            if key == now + 1:
                now, until = key, time + overlap
        verdicts.append(good)
    return verdicts


@accept_frame.cases
def airs(rng):
    """Nothing; replays; the edges of window and overlap; keys ahead and long gone; a long mixed row."""
    yield [], 10, 4
    yield [(0, 0, 5), (1, 0, 5), (2, 0, 2), (3, 0, 1), (4, 0, 2), (5, 0, 9), (6, 0, 6), (7, 0, 5)], 10, 4
    yield (
        [
            (0, 0, 3),
            (5, 1, 0),
            (15, 0, 4),
            (16, 0, 5),
            (17, 1, 0),
            (18, 2, 0),
            (19, 0, 6),
            (28, 1, 1),
            (29, 1, 2),
        ],
        10,
        8,
    )
    yield [(0, 2, 0), (1, 0, 0), (2, 1, 4), (3, 1, 4), (4, 3, 0), (5, 2, 0), (6, 0, 1), (7, 1, 5)], 100, 3
    yield [(0, 0, 0), (1, 1, 7), (2, 0, 1), (3, 0, 1), (3, 1, 7), (8, 0, 2), (9, 0, 3)], 7, 2
    yield [(0, 0, 0), (1, 1, 0), (8, 1, 1), (15, 0, 1), (60, 0, 2)], 10, 8
    for _ in range(7):
        overlap, window = int(rng.integers(4, 30)), int(rng.integers(2, 9))
        frames, time, key, number = [], 0, 0, 0
        for _ in range(int(rng.integers(40, 70))):
            time += int(rng.integers(0, 4))
            if rng.random() < 0.12:
                key, number = key + 1, 0
            number += int(rng.integers(1, 3))
            frames.append((time, key, number))
            if rng.random() < 0.5:  # again, late, or under another key
                back = frames[-int(rng.integers(1, min(len(frames), 25) + 1))]
                frames.append(
                    (
                        time,
                        max(0, back[1] + int(rng.choice([0, 0, 0, 1, -1]))),
                        max(0, back[2] + int(rng.integers(-2, 2))),
                    )
                )
        yield frames, overlap, window


def _slip(frames, overlap, window, **changed):
    now, until, taken, verdicts = 0, float("-inf"), {}, []
    old = changed.get("old", lambda time, until: time <= until)
    for time, key, number in frames:
        known = key in (now, now + 1) or (key == now - 1 and old(time, until))
        if changed.get("any_key"):
            known = True
        seen = taken.setdefault(0 if changed.get("one_window") else key, set())
        late = changed.get("late", lambda number, other: number <= other - window)
        good = (
            known
            and not (changed.get("once", True) and number in seen)
            and not any(late(number, o) for o in seen)
        )
        if good or changed.get("remembers_refused"):
            seen.add(number)
        if good and key > now:
            now, until = key, time + overlap
        elif good and changed.get("clock_again"):
            until = time + overlap
        verdicts.append(good)
    return verdicts


@accept_frame.mistake("a number is taken again: who sends an old frame once more is believed.")
def twice(frames, overlap, window):
    return _slip(frames, overlap, window, once=False)


@accept_frame.mistake("each key begins its numbers at 0, so each needs a window of its own.")
def one_window_for_all(frames, overlap, window):
    return _slip(frames, overlap, window, one_window=True)


@accept_frame.mistake("the key before is taken for ever: after the overlap it is to be forgotten.")
def the_old_key_for_ever(frames, overlap, window):
    return _slip(frames, overlap, window, old=lambda time, until: True)


@accept_frame.mistake(
    "frames that were overtaken by the change of key are lost: the key before is good for the overlap."
)
def no_overlap(frames, overlap, window):
    return _slip(frames, overlap, window, old=lambda time, until: False)


@accept_frame.mistake("the overlap runs from the *move*; you begin it anew with every frame that is taken.")
def the_clock_again(frames, overlap, window):
    return _slip(frames, overlap, window, clock_again=True)


@accept_frame.mistake("only the present key, the next, and for a while the one before are known.")
def any_key(frames, overlap, window):
    return _slip(frames, overlap, window, any_key=True)


@accept_frame.mistake(
    "a late frame within the window is refused: others may overtake it, and it was not taken yet."
)
def rising_alone(frames, overlap, window):
    return _slip(frames, overlap, window, late=lambda number, other: number <= other)


@accept_frame.mistake(
    "nothing is too late with you: a number `window` or more below the highest is not remembered any more."
)
def remembers_everything(frames, overlap, window):
    return _slip(frames, overlap, window, late=lambda number, other: False)


@accept_frame.mistake("a refused frame changes nothing, not even what is remembered.")
def remembers_refused_ones(frames, overlap, window):
    return _slip(frames, overlap, window, remembers_refused=True)


@accept_frame.mistake("at `overlap` after the move, exactly, the key before is still taken.")
def the_edge_of_the_overlap(frames, overlap, window):
    return _slip(frames, overlap, window, old=lambda time, until: time < until)
