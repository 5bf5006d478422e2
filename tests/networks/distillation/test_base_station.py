"""Base stations: the closed form against a search, the symmetry of the road, and the lessons."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import minimize, minimize_scalar
from sklearn.linear_model import LinearRegression

from qlearn.learning.neural_networks import QNNRegressor
from qlearn.networks.distillation import RadioCell, seen_from, teach_moving_station
from qlearn.networks.distillation.base_station import _moved_along

CELL = RadioCell()
STUDENT = QNNRegressor(3, 2, encoding="reuploading", epochs=15)


def by_hand(cell, user, v, x):
    """The rate of one state, from the words of its docstring."""
    first, second, a = user
    snr = [cell.power * share / (cell.height**2 + (u - x) ** 2) for share, u in ((v, first), (1 - v, second))]
    return a * np.log2(1 + snr[0]) + (1 - a) * np.log2(1 + snr[1])


states = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.01, 0.99))


@given(states, st.floats(0, 1), st.floats(-1, 1))
def test_the_rate_is_that_of_its_words(user, v, x):
    assert CELL.rate([user], [v], [x])[0] == pytest.approx(by_hand(CELL, user, v, x), rel=1e-12)


@given(states, st.floats(-1, 1), st.floats(0.1, 100))
def test_the_closed_form_is_what_a_search_finds(user, x, power):
    cell = RadioCell(height=0.3, power=power)
    v = cell.best_share([user], x)[0]
    search = minimize_scalar(
        lambda s: -by_hand(cell, user, s, x), bounds=(0, 1), method="bounded", options={"xatol": 1e-9}
    )
    assert by_hand(cell, user, v, x) >= -search.fun - 1e-9


@settings(max_examples=20)
@given(states)
def test_no_start_of_a_descent_beats_the_best(user):
    v, x = CELL.best([user])
    best = CELL.rate([user], v, x)[0]
    for start in ([0.5, -0.8], [0.5, 0.0], [0.5, 0.8], [0.1, user[1]], [0.9, user[0]]):
        other = minimize(lambda c: -by_hand(CELL, user, *c), start, bounds=[(0, 1), (-1, 1)])
        assert best >= -other.fun - 2e-4  # the road is tried every 5 m


@given(states, st.floats(0, 1), st.floats(-1, 1))
def test_only_differences_of_places_count(user, v, x):
    moved = seen_from([user], x)
    assert CELL.rate(moved, [v], 0.0)[0] == pytest.approx(CELL.rate([user], [v], x)[0], rel=1e-12)
    assert CELL.best_share(moved, 0.0)[0] == pytest.approx(CELL.best_share([user], x)[0], abs=1e-12)


def test_choices_beyond_the_ends_are_cut_and_regret_is_never_negative():
    users = CELL.draw_users(50, rng=0)
    assert (CELL.rate(users, 2.0, 3.0) == CELL.rate(users, 1.0, 1.0)).all()
    assert CELL.regret(users, *CELL.best(users)) == 0
    assert CELL.regret(users, CELL.best_share(users, 0.0), 0.0) > 0
    assert (seen_from(users, 9.0) == seen_from(users, 1.0)).all()


def test_users_are_where_they_should_be_and_their_angles_within_a_turn():
    users = CELL.draw_users(2000, rng=0)
    assert np.abs(users[:, :2]).max() <= 1
    assert users[:, 2].min() >= 0.2
    assert users[:, 2].max() <= 0.8
    far = CELL.angles(seen_from(users, np.where(users[:, 0] > 0, -1.0, 1.0)))
    assert np.ptp(far, axis=0).max() <= 2 * np.pi
    np.testing.assert_allclose(CELL.angles([[1.5, -1.5, 0.5]]), [[np.pi / 2, -np.pi / 2, 0]])


def test_no_lesson_is_the_students_own_training():
    users = CELL.draw_users(20, rng=0)
    found = teach_moving_station(CELL, STUDENT, users, rng=5)
    rng = np.random.default_rng(5)
    alone = QNNRegressor(3, 2, encoding="reuploading").initialise(3, 2, rng)
    alone.train(alone.prepare(CELL.angles(users), np.column_stack(CELL.best(users))), 15, rng)
    np.testing.assert_array_equal(found.predict(CELL.angles(users)), alone.predict(CELL.angles(users)))


class Knowing:
    """A static station that knows the closed form: what its share is for users as it sees them."""

    def predict(self, angles):
        users = np.column_stack(
            [np.asarray(angles)[:, :2] * 3 / np.pi, np.asarray(angles)[:, 2] / np.pi + 0.5]
        )
        return CELL.best_share(users, 0.0)


def test_lessons_bring_the_share_nearer_to_the_teachers():
    # a student of few labels; what it is taught for 200 more states must show in its shares for those
    users, spare = CELL.draw_users(10, rng=0), CELL.draw_users(200, rng=1)
    slow = QNNRegressor(3, 2, encoding="reuploading", epochs=80)
    errors = {}
    for lesson in ("none", "moving"):
        model = teach_moving_station(CELL, slow, users, teacher=Knowing(), spare=spare, lesson=lesson, rng=3)
        v, x = model.predict(CELL.angles(spare)).T
        errors[lesson] = np.mean((v - CELL.best_share(spare, x)) ** 2)
    assert errors["moving"] < errors["none"] / 2


def test_standing_teaches_the_share_at_home_before_the_labels():
    users, spare = CELL.draw_users(10, rng=0), CELL.draw_users(100, rng=1)
    # one epoch of labels after many of the teacher's: nearly the static station
    model = teach_moving_station(
        CELL,
        QNNRegressor(3, 2, encoding="reuploading"),
        spare,
        teacher=Knowing(),
        spare=spare,
        lesson="standing",
        epochs=1,
        rng=3,
    )
    assert np.isfinite(model.predict(CELL.angles(users))).all()
    assert len(model.loss_curve_) == 1


@pytest.mark.parametrize(
    ("error", "call", "says"),
    [
        (ValueError, lambda u: RadioCell(height=0), "height must be above 0"),
        (ValueError, lambda u: RadioCell(power=-1), "power must be above 0"),
        (ValueError, lambda u: CELL.rate([[0.0, 1.0]], 0.5, 0.0), "users must be states of shape"),
        (ValueError, lambda u: CELL.rate(u, 0.5, [0.0, 1.0]), "x must be one number or one for each"),
        (ValueError, lambda u: CELL.draw_users(0), "n must be at least 1"),
        (
            ValueError,
            lambda u: teach_moving_station(CELL, STUDENT, u, lesson="flying"),
            "lesson must be one of",
        ),
        (
            ValueError,
            lambda u: teach_moving_station(CELL, STUDENT, u, lesson="moving"),
            "teacher and spare must be given",
        ),
        (
            TypeError,
            lambda u: teach_moving_station(CELL, LinearRegression(), u),
            "student must be a regressor trained by",
        ),
        (ValueError, lambda u: teach_moving_station(CELL, STUDENT, u, epochs=0), "epochs must be at least 1"),
    ],
)
def test_refuses(error, call, says):
    with pytest.raises(error, match=says):
        call(CELL.draw_users(8, rng=0))


def test_labels_moved_along_the_road_are_as_good():
    users = CELL.draw_users(100, rng=5)
    best = np.column_stack(CELL.best(users))
    states, answers = _moved_along(users, best, 3, np.random.default_rng(6))
    assert len(states) == 400
    assert np.abs(states[:, :2]).max() <= 1
    assert np.abs(answers[:, 1]).max() <= 1 + 1e-12
    np.testing.assert_array_equal(states[:100], users)
    np.testing.assert_allclose(
        CELL.rate(states, *answers.T), np.tile(CELL.rate(users, *best.T), 4), atol=1e-12
    )
    # Against a search in the new places: what the grid of 5 m leaves, and no more.
    assert np.max(CELL.rate(states, *CELL.best(states)) - CELL.rate(states, *answers.T)) < 2e-4


@pytest.mark.parametrize("user", [[1.5, -1.2, 0.5], [5.0, -4.0, 0.5], [0.0, 1.1, 0.5]])
def test_labels_are_moved_for_users_on_the_road_alone(user):
    with pytest.raises(ValueError, match="users must be on the road"):
        teach_moving_station(CELL, STUDENT, [[0.1, 0.2, 0.3], user], shifts=2, rng=0)
    teach_moving_station(CELL, STUDENT, [user], epochs=1, rng=0)


def test_the_students_own_lesson_asks_nobody():
    users, spare = CELL.draw_users(10, rng=1), CELL.draw_users(20, rng=2)
    own, told = (
        teach_moving_station(
            CELL, STUDENT, users, teacher=teacher, spare=spare, lesson="own", epochs=3, rng=0
        )
        for teacher in (None, object())
    )
    for a, b in zip(own.get_parameters(), told.get_parameters(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_shares_of_the_traffic_are_shares(share):
    with pytest.raises(ValueError, match="shares of the traffic from 0 to 1"):
        CELL.rate([[0, 0, share]], 0.5, 0)


def test_one_share_of_the_power_or_one_for_each():
    with pytest.raises(ValueError, match="v must be one number or one for each of the 1 states"):
        CELL.rate([[0, 0, 0.5]], [0.1, 0.2, 0.3], 0)


def test_an_own_lesson_needs_states():
    with pytest.raises(ValueError, match="spare must be given"):
        teach_moving_station(CELL, STUDENT, CELL.draw_users(3, rng=0), lesson="own")
