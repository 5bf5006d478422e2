"""A learned predictor: near the best guess where there is one, and not beyond it."""

import numpy as np
import pytest

from qlearn.communication.random_numbers import MarkovSource, Prediction, predict_next_bit, pseudo_random_bits
from qlearn.evidence import seeds

SOURCE = MarkovSource(0.3, 0.6)


def parity_stream(n, right, rng):
    """Each bit is the parity of the two before it, with a chance to be right: pairs of bits tell nothing."""
    noise = (rng.random(n) >= right).tolist()
    bits = [0, 1]
    for wrong in noise[2:]:
        bits.append(bits[-1] ^ bits[-2] ^ wrong)
    return np.array(bits, dtype=np.uint8)


def test_learning_reaches_the_bound_of_the_entropy_and_does_not_beat_it():
    # 10 streams of 4000 judged bits: the sd of the mean rate is below .5 / sqrt(40,000) = .0025; 6 sd: 1e-9 a side.
    # Learning costs a little: the two best guesses differ by .1, so a wrong row would show.
    rates = {
        model: np.mean(
            [
                predict_next_bit(SOURCE.sample(8000, seed), model=model, history=4).rate
                for seed in seeds("judge", 10)
            ]
        )
        for model in ("logistic", "table")
    }
    for rate in rates.values():
        assert abs(rate - SOURCE.guess_probability) < 6 * 0.0025


def test_a_constant_guess_is_worse_where_bits_hang_together():
    sticky = MarkovSource(0.25, 0.75)
    seen = predict_next_bit(sticky.sample(8000, rng=1))
    # 4000 bits whose correlation .5 makes the sd of the mean .0137; 5.5 sd: 4e-8; the rate's sd is .0069
    assert abs(seen.constant_rate - 0.5) < 5.5 * 0.0137
    assert abs(seen.rate - 0.75) < 6 * 0.0069


def test_a_network_finds_a_parity_that_no_line_can():
    bits = parity_stream(8000, 0.9, np.random.default_rng(5))
    line, network, table = (
        predict_next_bit(bits, history=2, model=m, rng=1) for m in ("logistic", "mlp", "table")
    )
    # A line has at most three of the four histories right: .75 x .9 + .25 x .1 = .7. 3998 judged bits: sd .0073 there,
    # .0047 of .9; 6 sd
    assert line.rate < 0.7 + 6 * 0.0073
    # One that has them says "1, if either is 1". Runs of one history widen the sd; 6 of twice as much.
    either = np.mean(bits[2:] == (bits[1:-1] | bits[:-2]))
    assert abs(either - 0.7) < 6 * 2 * 0.0051
    for seen in (network, table):
        assert abs(seen.rate - 0.9) < 6 * 0.0047


@pytest.mark.parametrize("seed", [1, 2])
def test_a_network_that_sees_one_bit_guesses_as_a_table_does(seed):
    bits = MarkovSource(0.25, 0.75).sample(6000, seed)
    network, table = (predict_next_bit(bits, history=1, model=m, rng=seed) for m in ("mlp", "table"))
    assert network.right == table.right


@pytest.mark.parametrize("model", ["logistic", "mlp", "table"])
def test_a_good_pseudo_random_stream_is_not_predicted(model):
    # sd .0079: 6 sd: 2e-9; and its entropy is 32 bits in 8000
    seen = predict_next_bit(pseudo_random_bits(8000, seed=3), history=6, model=model, rng=2)
    assert abs(seen.rate - 0.5) < 6 * 0.0079
    assert seen.min_entropy_at_most() == 1


def test_the_low_bits_of_a_congruential_generator_are_found():
    # bit k from below repeats after 2^k words; of this seed 8 bits of history tell the next to k = 6, a line does not
    words = pseudo_random_bits(32 * 2000, seed=3, generator="lcg").reshape(-1, 32)
    for place in (1, 6):
        for model in ("table", "mlp"):
            assert predict_next_bit(words[:, -place], model=model, rng=1).rate == 1
    assert predict_next_bit(words[:, -1]).rate == 1
    assert predict_next_bit(words[:, -6]).rate < 0.7
    assert (
        predict_next_bit(words[:, -6], model="table").min_entropy_at_most() < 0.2
    )  # the sequence itself has none


def test_the_upper_bound_of_the_entropy_holds_and_is_near():
    # 20 streams at a failure of 1e-6 each; the conditional min-entropy is -log2 of the best guess
    true = -np.log2(SOURCE.guess_probability)
    for seed in seeds("judge", 20):
        bound = predict_next_bit(SOURCE.sample(8000, seed), model="table", history=2).min_entropy_at_most(
            1e-6
        )
        assert true < bound < true + 0.2


def test_what_is_counted():
    seen = Prediction(right=75, guesses=100, constant=40)
    assert (seen.rate, seen.constant_rate) == (0.75, 0.4)
    assert seen.error == pytest.approx(np.sqrt(0.75 * 0.25 / 100), rel=0.01)
    assert seen.min_entropy_at_most(1e-2) == pytest.approx(-np.log2(0.75 - np.sqrt(np.log(100) / 200)))
    assert Prediction(100, 100, 100).error > 0
    assert Prediction(30, 100, 30).min_entropy_at_most() == 1
    # a generator that is stuck: one class, no classifier; or once not, of which a network can set none aside
    odd = np.zeros(800, int)
    odd[200] = 1
    assert predict_next_bit(odd, model="mlp", rng=1).rate == 1
    stuck = predict_next_bit(np.zeros(400), history=8)
    assert (stuck.right, stuck.guesses) == (192, 192)


def test_a_coin_drawn_once_is_not_ergodic_and_the_bound_of_k_bits_does_not_hold_for_it():
    # 0.9 or 0.1 for ones, half of the time each: after one bit the best guess is right in .9^2 + .1^2 = .82, but a thousand
    # bits tell the coin. 40 streams of 999: sd of the mean rate .0015, 6 sd
    rng = np.random.default_rng(6)
    streams = [rng.random(2000) < p for p in rng.choice([0.1, 0.9], 40)]
    rate = np.mean([predict_next_bit(bits, history=1, model="table").rate for bits in streams])
    assert abs(rate - 0.9) < 6 * 0.0015


def test_the_first_half_does_not_hear_of_the_second():
    rng = np.random.default_rng(1)
    first, second = rng.integers(0, 2, (2, 2000), dtype=np.uint8)
    # What is learned in the first half alone decides the guesses: turned truths turn the count
    seen = predict_next_bit(np.concatenate([first, second]), model="table", history=1)
    rows = [np.bincount(first[1:][first[:-1] == last], minlength=2) for last in (0, 1)]
    guess = np.array([int(row[1] > row[0]) for row in rows])[second[:-1]]
    assert seen.right == (guess == second[1:]).sum()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: predict_next_bit(np.zeros(215), history=8),
            r"at least 2 \* \(100 \+ history\) = 216, not 215",
        ),
        (lambda: predict_next_bit([0, 1, 2]), "bits must be an array of 0 and 1"),
        (lambda: predict_next_bit(np.zeros(400), history=0), "history must be at least 1"),
        (lambda: predict_next_bit(np.zeros(400), history=21, model="table"), "at most 20 bits for a table"),
        (
            lambda: predict_next_bit(np.zeros(400), model="quantum"),
            "model must be one of logistic, mlp, table",
        ),
        (lambda: Prediction(1, 2, 1).min_entropy_at_most(0), "failure must lie between 0 and 1"),
        (lambda: Prediction(3, 2, 1), "right must be at most the 2 guesses, not 3"),
        (lambda: Prediction(0, 2, -1), "constant must be at least 0"),
        (lambda: Prediction(0, 0, 0), "guesses must be at least 1"),
    ],
)
def test_refuses(call, says):
    with pytest.raises(ValueError, match=says):
        call()
