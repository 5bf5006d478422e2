"""The CHSH game: every list of answers, the cosine of pi/8, and the box that no physics fills."""

from itertools import product

import numpy as np
import pytest

from qlearn.qubits import bell_state, density, partial_trace, random_state
from qlearn.qubits.entanglement import (
    ALICE,
    BOB,
    GameRounds,
    behaviour,
    chsh,
    chsh_at,
    chsh_settings,
    direction,
    play_chsh,
    signalling,
    werner,
    winning_probability,
)

QUANTUM = np.cos(np.pi / 8) ** 2
TSIRELSON = 2 * np.sqrt(2)


def list_of_answers(a0, a1, b0, b1):
    table = np.zeros((2, 2, 2, 2))
    for x, a in enumerate((a0, a1)):
        for y, b in enumerate((b0, b1)):
            table[x, y, a, b] = 1
    return table


def popescu_rohrlich():
    x, y, a, b = np.indices((2, 2, 2, 2))
    return ((a ^ b) == (x & y)) / 2


def test_no_list_of_answers_wins_more_than_three_rounds_in_four():
    chances = winning_probability([list_of_answers(*answers) for answers in product((0, 1), repeat=4)])
    assert set(chances) == {0.25, 0.75}


def test_a_bell_pair_wins_with_the_squared_cosine_of_an_eighth_turn():
    assert winning_probability(behaviour(bell_state("phi+"), ALICE, BOB)) == pytest.approx(QUANTUM, abs=1e-12)


def test_a_box_that_does_not_signal_could_win_always():
    box = popescu_rohrlich()
    assert signalling(box) == 0
    assert winning_probability(box) == 1


def test_the_chance_is_one_half_and_an_eighth_of_the_value():
    pairs = partial_trace(random_state(4, size=20, rng=1), [0, 1])
    np.testing.assert_allclose(
        winning_probability(behaviour(pairs, ALICE, BOB)), 0.5 + chsh_at(pairs) / 8, atol=1e-12
    )
    np.testing.assert_allclose(
        winning_probability(behaviour(pairs, *chsh_settings(pairs))), 0.5 + chsh(pairs) / 8, atol=1e-12
    )


@pytest.mark.parametrize("pair", [bell_state("phi+"), werner(0.8), np.eye(4) / 4, [0.6, 0, 0, 0.8j]])
def test_rounds_follow_the_chances(pair):
    # 200,000 rounds, 50,000 a pair of questions: sd of a frequency at most 0.0023; 16 of them within
    # 6 sd: false alarm 16 x 2e-9. S has its own standard error: 6 of them, 2e-9.
    played = play_chsh(pair, 200_000, rng=2)
    chances = behaviour(pair, ALICE, BOB)
    for x, y, a, b in np.ndindex(2, 2, 2, 2):
        asked = (played.x == x) & (played.y == y)
        seen = np.mean((played.a[asked] == a) & (played.b[asked] == b))
        assert abs(seen - chances[x, y, a, b]) < 6 * 0.0023
    assert abs(played.wins / len(played) - winning_probability(chances)) < 6 * 0.0012
    assert abs(played.chsh - chsh_at(pair)) < 6 * played.chsh_error
    assert abs(played.asked / 50_000 - 1).max() < 6 * 0.004


def test_the_error_bar_is_the_scatter_of_many_games():
    # 400 games of 1,000 rounds: the sd of their S is known to 1/sqrt(800) = 3.5 %; 6 of those are 21 %.
    games = [play_chsh(bell_state("phi+"), 1000, rng=seed) for seed in range(400)]
    scatter = np.std([game.chsh for game in games])
    assert scatter == pytest.approx(np.sqrt(8 / 1000), rel=0.21)
    assert np.mean([game.chsh_error for game in games]) == pytest.approx(scatter, rel=0.21)


def test_the_error_bar_holds_for_few_rounds_too():
    # S / error over 600 games of 40 rounds has sd 1.02 for the pair, 1.08 for the Werner pair; the sd of an sd is
    # 3 % and more for these tails: 6 of 4 % are 25 %. The plain rule gives infinity, where all ten rounds agree.
    for pair in (bell_state("phi+"), werner(0.8)):
        games = [play_chsh(pair, 40, rng=seed) for seed in range(600)]
        pulls = [(game.chsh - chsh_at(pair)) / game.chsh_error for game in games if game.asked.all()]
        assert np.std(pulls) == pytest.approx(1, abs=0.25)


def test_what_is_certain_never_fails():
    along_z = direction([0, 0])
    played = play_chsh(bell_state("phi+"), 5000, along_z, along_z, rng=1)
    assert (played.a == played.b).all()
    assert 0 < played.a.mean() < 1
    assert played.chsh == 2
    assert 0 < played.chsh_error < 0.01  # 5,000 rounds without an exception do not prove that there is none
    assert played.wins == np.count_nonzero(played.x & played.y == 0)


def test_bob_sees_nothing_of_alices_question():
    # 400,000 rounds: each frequency of Bob's 1 has sd 0.0016 and differences 0.0022; 6 sd: 2e-9.
    played = play_chsh(bell_state("phi+"), 400_000, rng=3)
    for y in (0, 1):
        ones = [played.b[(played.x == x) & (played.y == y)].mean() for x in (0, 1)]
        assert abs(ones[0] - ones[1]) < 6 * 0.0023


def test_a_state_and_its_density_matrix_play_the_same_game():
    first, second = (
        play_chsh(pair, 1000, rng=4) for pair in (bell_state("psi-"), density(bell_state("psi-")))
    )
    np.testing.assert_array_equal(first.a, second.a)
    np.testing.assert_array_equal(first.b, second.b)
    assert first.a.dtype == first.y.dtype == np.uint8


def test_refuses():
    with pytest.raises(ValueError, match="rounds must be at least 1"):
        play_chsh(bell_state("phi+"), 0)
    with pytest.raises(ValueError, match="state must be one pair"):
        play_chsh(np.stack([bell_state("phi+")] * 3), 10)
    with pytest.raises(ValueError, match="alice must be 2 directions, not 3"):
        play_chsh(bell_state("phi+"), 10, direction([0, 1, 2]))
    with pytest.raises(ValueError, match=r"must be of shape \(2, 3\)"):
        play_chsh(bell_state("phi+"), 10, direction(np.zeros((4, 2))))
    with pytest.raises(ValueError, match=r"shape \(\.\.\., 2, 2, 2, 2\)"):
        winning_probability(np.full((2, 3, 2, 2), 0.25))
    one = np.ones(3, dtype=np.uint8)
    with pytest.raises(ValueError, match="no round asked x = 0, y = 0"):
        _ = GameRounds(one, one, one, one).chsh
    with pytest.raises(ValueError, match="x must be an array of 0 and 1; it holds 2"):
        GameRounds(2 * one, one, one, one)
    with pytest.raises(ValueError, match="b and x"):
        GameRounds(one, one, one, one[:2])


def test_rounds_may_be_written_as_lists():
    played = GameRounds([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 0], [False, False, False, True])
    assert played.chsh == 4
    assert played.x.dtype == np.uint8


def silent_boxes(bet_x, bet_y, a):
    """What the two answer to x and y: their list where they were asked what they had bet on, else nothing."""
    b = a ^ (bet_x & bet_y)
    return {
        (x, y): (a if x == bet_x else None, b if y == bet_y else None) for x, y in product((0, 1), repeat=2)
    }


def test_boxes_that_may_stay_silent_reach_four_with_lists():
    # every bet and list, equally likely, by counting: no statistics
    games = [silent_boxes(*bits) for bits in product((0, 1), repeat=3)]
    p = np.zeros((2, 2, 2, 2))
    for x, y in product((0, 1), repeat=2):
        heard = [game[x, y] for game in games if None not in game[x, y]]
        assert len(heard) / len(games) == 1 / 4  # as seldom for every question: nothing to be seen
        for a, b in heard:
            p[x, y, a, b] += 1 / len(heard)
    assert 8 * (winning_probability(p) - 1 / 2) == 4
    assert signalling(p) == 0  # nor does anything else betray them


def test_they_are_lists_again_as_soon_as_silence_counts():
    rng = np.random.default_rng(5)
    x, y, bet_x, bet_y, a = rng.integers(0, 2, (5, 40_000))
    b = a ^ (bet_x & bet_y)
    heard = (x == bet_x) & (y == bet_y)
    kept = GameRounds(x[heard], y[heard], a[heard], b[heard])
    assert kept.chsh == 4
    assert kept.won.all()
    everything = GameRounds(x, y, np.where(x == bet_x, a, 0), np.where(y == bet_y, b, 0))
    # exactly 1.5; 6 standard errors: false alarm 2e-9
    assert abs(everything.chsh - 1.5) < 6 * everything.chsh_error


@pytest.mark.parametrize("efficiency", [0.5, 0.8, 0.828, 0.829, 0.9, 1.0])
def test_an_honest_pair_needs_detectors_of_83_per_cent_if_silence_counts(efficiency):
    # each answer becomes 0 with chance 1 - efficiency: a channel on the table of chances
    click = np.array([[1, 1 - efficiency], [0, efficiency]])
    p = np.einsum("ac,bd,xycd->xyab", click, click, behaviour(bell_state("phi+"), ALICE, BOB))
    s = 8 * (float(winning_probability(p)) - 1 / 2)
    assert s == pytest.approx(TSIRELSON * efficiency**2 + 2 * (1 - efficiency) ** 2)
    assert (s > 2) == (efficiency > 2 / (1 + np.sqrt(2)))
