"""Who gets through when somebody floods the orchestrator."""

from qlearn.exercises import exercise
from qlearn.exercises.comparisons import equal


@exercise(
    level="core",
    same=equal,
    right="short bursts pass, and over a long time no more than the rate: at most burst + rate x seconds in any stretch of them.",
    because=r"""
        The bucket is one number and the time at which it was right. Between two requests it gains the rate times the time, and
        never holds more than `burst`: without the cap a quiet night would pay for a flood in the morning. A request that is
        refused takes nothing, else a flood would starve whoever asks for little. In s seconds at most
        $\text{burst}+\text{rate}\cdot s$ tokens can be had, whatever is asked for.
    """,
)
def token_bucket(requests, rate, burst):
    """Requests reach an orchestrator as a list of pairs `(time, size)` in the order they come: whole seconds, which may be
    equal, and sizes of 1 or more. A bucket holds `burst` tokens at time 0, and never more; it gains `rate` tokens in each
    second. A request passes if the bucket holds at least as many tokens as its size, and then takes that many. One that does
    not pass takes none, and does not come again. Return a list: True for each request that passes, False for the others.
    """
    tokens, last, passed = burst, 0, []
    for time, size in requests:
        tokens = min(burst, tokens + rate * (time - last))
        last = time
        passed.append(tokens >= size)
        if passed[-1]:
            tokens -= size
    return passed


@token_bucket.cases
def floods(rng):
    """No request; a quiet line; floods with pauses; requests at one time; too large ones; what is left to the token."""
    yield [], 1, 5
    yield [(0, 5), (0, 1), (1, 1), (1, 1), (10, 5), (10, 1), (60, 6), (60, 5)], 1, 5
    for turn in range(7):
        rate, burst = int(rng.integers(1, (3, 5)[turn % 2])), int(rng.integers(4, 16))
        gaps = rng.choice([0, 1, 2, 3, 20], int(rng.integers(25, 50)), p=(0.6, 0.25, 0.08, 0.04, 0.03))
        times = int(rng.integers(0, 4)) + gaps.cumsum()
        sizes = rng.integers(1, (4, burst + 2)[turn % 2], len(times))
        yield [(int(t), int(s)) for t, s in zip(times, sizes)], rate, burst


def _slip(requests, rate, burst, **changed):
    tokens, last, passed = changed.get("start", burst), 0, []
    for time, size in requests:
        size = changed.get("size", lambda size: size)(size)
        tokens = changed.get("fill", lambda tokens, seconds: min(burst, tokens + rate * seconds))(
            tokens, time - last
        )
        last = time
        passed.append(changed.get("rule", lambda tokens, size: tokens >= size)(tokens, size))
        if passed[-1] or changed.get("always"):
            tokens = changed.get("take", lambda tokens, size: tokens - size)(tokens, size)
    return passed


@token_bucket.mistake("the bucket begins full: with `burst` tokens.")
def begins_empty(requests, rate, burst):
    return _slip(requests, rate, burst, start=0)


@token_bucket.mistake("the bucket never holds more than `burst`: a long pause does not pay for a flood.")
def without_the_cap(requests, rate, burst):
    return _slip(requests, rate, burst, fill=lambda tokens, seconds: tokens + rate * seconds)


@token_bucket.mistake("the bucket is never filled up again with you: it gains `rate` tokens a second.")
def never_filled(requests, rate, burst):
    return _slip(requests, rate, burst, fill=lambda tokens, seconds: tokens)


@token_bucket.mistake("the bucket gains by the second, and not by the request: a flood would fill it.")
def filled_by_requests(requests, rate, burst):
    return _slip(requests, rate, burst, fill=lambda tokens, seconds: min(burst, tokens + rate))


@token_bucket.mistake(
    "the bucket is full again in every new second with you: it gains `rate` tokens, up to `burst`."
)
def full_in_each_second(requests, rate, burst):
    return _slip(requests, rate, burst, fill=lambda tokens, seconds: burst if seconds else tokens)


@token_bucket.mistake("a request that finds exactly as many tokens as it needs passes.")
def more_than_its_size(requests, rate, burst):
    return _slip(requests, rate, burst, rule=lambda tokens, size: tokens > size)


@token_bucket.mistake("a request takes its size in tokens, and not one.")
def one_token_each(requests, rate, burst):
    return _slip(requests, rate, burst, size=lambda size: 1)


@token_bucket.mistake("one token is not enough for a large request: the bucket must hold its whole size.")
def on_credit(requests, rate, burst):
    return _slip(requests, rate, burst, rule=lambda tokens, size: tokens >= 1)


@token_bucket.mistake("a request that does not pass takes nothing: else a flood empties the bucket for all.")
def refused_ones_take_too(requests, rate, burst):
    return _slip(requests, rate, burst, always=True, take=lambda tokens, size: max(0, tokens - size))


@token_bucket.mistake(
    "what the bucket gained before a refused request is lost with you: note the time only together with the tokens."
)
def gains_are_lost(requests, rate, burst):
    tokens, last, passed = burst, 0, []
    for time, size in requests:
        now = min(burst, tokens + rate * (time - last))
        last = time
        passed.append(now >= size)
        if passed[-1]:
            tokens = now - size
    return passed


@token_bucket.mistake(
    "the time counts from the last request, and not from 0: tokens are filled up again and again."
)
def since_the_beginning(requests, rate, burst):
    tokens, passed = burst, []
    for time, size in requests:
        tokens = min(burst, tokens + rate * time)
        passed.append(tokens >= size)
        if passed[-1]:
            tokens -= size
    return passed


@token_bucket.mistake("that is how many pass; True or False for each is asked for.")
def how_many(requests, rate, burst):
    return sum(_slip(requests, rate, burst))
