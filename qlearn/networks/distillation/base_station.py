r"""Base stations: one that stands and shares its power (one variable), and one that also moves (two variables)."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qlearn._checks import as_choice, as_count, as_real, as_reals, as_rng
from qlearn.learning._estimators import as_generator
from qlearn.learning.neural_networks.gradient_estimators import GradientRegressor

Student = TypeVar("Student", bound=GradientRegressor)

LESSONS = ("none", "standing", "moving", "own")

_POSITIONS = 401


@dataclass(frozen=True)
class RadioCell:
    r"""Two users on a road, and a station above it that shares its power between them.

    .. math:: R(v, x) = a \log_2\bigl(1 + P v\, g_1\bigr) + (1-a) \log_2\bigl(1 + P (1-v)\, g_2\bigr), \qquad
              g_i = \frac{1}{h^2 + (u_i - x)^2}

    A state is :math:`(u_1, u_2, a)`: the places of the users and the share a of the traffic that the first one asks for. The
    station chooses v, the share of the power for the first user; a moving one also chooses x, its place.

    Parameters
    ----------
    height : float
        h, in km.
    power : float
        P: signal to noise ratio at 1 km with all power, a plain number (10 is 10 dB).

    Examples
    --------
    >>> cell = RadioCell()
    >>> users = cell.draw_users(3, rng=0)
    >>> v, x = cell.best(users)
    >>> bool((cell.rate(users, v, x) >= cell.rate(users, cell.best_share(users, 0.0), 0.0)).all())
    True

    References
    ----------
    Cover, Thomas, "Elements of Information Theory", 2006, section 9.4 (water-filling, here with weights).
    """

    height: float = 0.5
    power: float = 10.0

    def __post_init__(self) -> None:
        as_real(self.height, "height", above=0)
        as_real(self.power, "power", above=0)

    def draw_users(self, n: int, rng: Any = None) -> NDArray[np.float64]:
        """Return n states, shape (n, 3): places uniform in -1 to 1 km, the first user's share of traffic in 0.2 to 0.8.

        Parameters
        ----------
        n : int
            Number of states.
        rng : optional
            Anything that :func:`numpy.random.default_rng` takes.
        """
        generator = as_rng(rng)
        places = generator.uniform(-1, 1, (as_count(n, "n"), 2))
        return np.column_stack([places, generator.uniform(0.2, 0.8, n)])

    def angles(self, users: ArrayLike) -> NDArray[np.float64]:
        """Return states as angles in radians, shape (n, 3), for a model that turns a qubit by each: within a whole turn.

        Parameters
        ----------
        users : array_like, shape (n, 3)
            States, also those that a station sees whose own place is the origin: places from -2 to 2 km.
        """
        state = _as_users(users)
        return np.pi * np.column_stack([state[:, 0] / 3, state[:, 1] / 3, state[:, 2] - 0.5])

    def rate(self, users: ArrayLike, v: ArrayLike, x: ArrayLike) -> NDArray[np.float64]:
        """Return the weighted rate R, bit/s per Hz, shape (n,).

        Parameters
        ----------
        users : array_like, shape (n, 3)
            States.
        v : array_like, shape (n,) or ()
            Share of the power for the first user; what lies outside of 0 to 1 is cut off.
        x : array_like, shape (n,) or ()
            Place of the station in km; beyond the ends of the road, -1 and 1, it stops there.
        """
        state = _as_users(users)
        return self._rate(state, np.clip(_one_or_each(v, "v", len(state)), 0, 1), _as_place(x, len(state)))

    def best_share(self, users: ArrayLike, x: ArrayLike) -> NDArray[np.float64]:
        r"""Return the share v that is best for a station at x, shape (n,): in closed form.

        .. math:: v^* = \Bigl[a + \frac{a}{P g_2} - \frac{1-a}{P g_1}\Bigr]_0^1

        Parameters
        ----------
        users : array_like, shape (n, 3)
            States.
        x : array_like, shape (n,) or ()
            Place of the station in km.
        """
        state = _as_users(users)
        return self._share(state, _as_place(x, len(state)))

    def best(self, users: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the best share and the best place together, each of shape (n,): every 5 m of the road is tried.

        Parameters
        ----------
        users : array_like, shape (n, 3)
            States.
        """
        state = _as_users(users)
        road = np.linspace(-1, 1, _POSITIONS)[:, None]
        shares = self._share(state, road)
        winner, each = self._rate(state, shares, road).argmax(axis=0), np.arange(len(state))
        return shares[winner, each], road[winner, 0]

    def regret(self, users: ArrayLike, v: ArrayLike, x: ArrayLike) -> float:
        """Return how much rate a choice gives away against the best one, bit/s per Hz, mean over the states."""
        return float(np.mean(self.rate(users, *self.best(users)) - self.rate(users, v, x)))

    def _gains(
        self, state: NDArray[np.float64], place: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the gains of both users at places that broadcast against the states."""
        first, second = (self.power / (self.height**2 + (state[:, k] - place) ** 2) for k in (0, 1))
        return first, second

    def _share(self, state: NDArray[np.float64], place: NDArray[np.float64]) -> NDArray[np.float64]:
        first, second = self._gains(state, place)
        a = state[:, 2]
        return np.clip(a + a / second - (1 - a) / first, 0, 1)

    def _rate(
        self, state: NDArray[np.float64], share: NDArray[np.float64], place: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        first, second = self._gains(state, place)
        a = state[:, 2]
        return a * np.log2(1 + share * first) + (1 - a) * np.log2(1 + (1 - share) * second)


def _as_place(x: ArrayLike, n: int) -> NDArray[np.float64]:
    """Return places on the road, one or one for each of n states; beyond an end of it they are there."""
    return np.clip(_one_or_each(x, "x", n), -1, 1)


def _one_or_each(numbers: ArrayLike, name: str, n: int) -> NDArray[np.float64]:
    values = as_reals(numbers, name)
    if values.shape not in ((), (n,)):
        raise ValueError(
            f"{name} must be one number or one for each of the {n} states, not of shape {values.shape}"
        )
    return values


def _as_users(users: ArrayLike) -> NDArray[np.float64]:
    state = as_reals(users, "users")
    if state.ndim != 2 or state.shape[1] != 3 or not len(state):
        raise ValueError(
            f"users must be states of shape (n, 3), two places and a share of the traffic, not {state.shape}"
        )
    share = state[:, 2]
    if share.min() < 0 or share.max() > 1:
        raise ValueError(
            f"users must have shares of the traffic from 0 to 1 in their third column, not {share.min():g} to {share.max():g}"
        )
    return state


def seen_from(users: ArrayLike, x: ArrayLike) -> NDArray[np.float64]:
    """Return states as a station at x sees them, its own place being the origin, shape (n, 3).

    A station that stands at x is a static one in this frame: what the static one learned holds there too.

    Parameters
    ----------
    users : array_like, shape (n, 3)
        States.
    x : array_like, shape (n,) or ()
        Place of the station in km; beyond the ends of the road it stops there.

    Returns
    -------
    ndarray of float64, shape (n, 3)

    Examples
    --------
    >>> seen_from([[0.5, -0.5, 0.3]], 0.5)
    array([[ 0. , -1. ,  0.3]])

    References
    ----------
    The symmetry is exact: the rate depends on the places of users and station by their differences alone.
    """
    state = _as_users(users)
    place = _as_place(x, len(state))
    return np.column_stack([state[:, 0] - place, state[:, 1] - place, state[:, 2]])


def teach_moving_station(
    cell: RadioCell,
    student: Student,
    users: ArrayLike,
    *,
    teacher: Any = None,
    spare: ArrayLike | None = None,
    lesson: str = "none",
    epochs: int | None = None,
    lesson_epochs: int | None = None,
    shifts: int = 0,
    rng: Any = None,
) -> Student:
    """Train the two-variable model of a moving station, alone or with the help of a static one's model.

    For `users` the best share and place were searched (:meth:`RadioCell.best`): these are the labels, and each was dear.
    `spare` states have none; there only the teacher can say something, and about the share alone.

    Parameters
    ----------
    cell : RadioCell
        The environment.
    student : GradientRegressor
        Copied; it learns two outputs, v and x.
    users : array_like, shape (n, 3)
        States with labels.
    teacher : regressor, optional
        The static station's: `predict` gives v for angles of states (:meth:`RadioCell.angles`).
    spare : array_like, shape (m, 3), optional
        States without labels.
    lesson : {"none", "standing", "moving", "own"}
        "none": the labels alone. "standing": first the teacher's share for the spare states as it stands, with x = 0, then
        the labels. "moving": the labels first; then, for the spare states, the place x that the student would go to, and the
        teacher's share for the users as seen from there, together with the labels. "own": the same states, places and steps,
        with the share that the student itself would choose; nobody is asked, and what "moving" has over it is the teacher's.
    epochs : int, optional
        Passes over the labels; None takes the student's own.
    lesson_epochs : int, optional
        Passes over the spare states (in the lesson "moving" over these and the labels together); None takes as many as over
        the labels.
    shifts : int
        How many times each label is learned once more, both users and the place moved along the road together
        (:func:`seen_from` a point drawn such that the users stay on it, where they must be to begin with). Such
        labels are as good as the searched ones, whatever `lesson` is, and cost no search.
    rng : optional
        Anything that :func:`numpy.random.default_rng` takes; None is the student's `random_state`.

    Returns
    -------
    GradientRegressor
        Of the student's kind; `predict` on :meth:`RadioCell.angles` gives columns v and x.

    Examples
    --------
    >>> from qlearn.learning.neural_networks import QNNRegressor
    >>> cell = RadioCell()
    >>> users = cell.draw_users(40, rng=0)
    >>> student = teach_moving_station(cell, QNNRegressor(3, 2, encoding="reuploading"), users, epochs=60, rng=1)
    >>> v, x = student.predict(cell.angles(users)).T
    >>> bool(cell.regret(users, v, x) < cell.regret(users, cell.best_share(users, 0.0), 0.0))  # it is worth moving
    True

    References
    ----------
    Narottama, Paul, Singh, Cotton, Shin, Duong, "Quantum intelligence networks", figure 1 (a proposition, without numbers).
    """
    as_choice(lesson, LESSONS, "lesson")
    if not isinstance(student, GradientRegressor):
        raise TypeError(
            f"student must be a regressor trained by gradients, such as a QNNRegressor, not {type(student).__name__}"
        )
    if lesson != "none" and (spare is None or (teacher is None and lesson != "own")):
        raise ValueError(
            f"teacher and spare must be given for lesson={lesson!r}: it is about what the teacher says of spare states"
            if lesson != "own"
            else "spare must be given for lesson='own': it is about what the student says of spare states"
        )
    state, again = _as_users(users), as_count(shifts, "shifts", least=0)
    off_road = state[np.abs(state[:, :2]).max(axis=1) > 1]
    if again and len(off_road):
        raise ValueError(
            "users must be on the road, -1 to 1 km, where labels are to be moved along it: of users at "
            f"{off_road[0, 0]:g} and {off_road[0, 1]:g} km the best place may lie beyond its end. Leave shifts at 0, not {again}"
        )
    generator = as_generator(student.random_state if rng is None else rng)
    # In their own units, share and km: both are of size one, and no arm of a comparison gets another unit.
    pupil = clone(student).initialise(3, 2, generator)
    passes = pupil.epochs if epochs is None else as_count(epochs, "epochs")
    lessons = passes if lesson_epochs is None else as_count(lesson_epochs, "lesson_epochs")
    known, best = _moved_along(state, np.column_stack(cell.best(state)), again, generator)
    labels = pupil.prepare(cell.angles(known), best)
    if lesson == "none" or spare is None:
        return pupil.train(labels, passes, generator)
    more = _as_users(spare)
    if lesson == "standing":
        share = np.clip(teacher.predict(cell.angles(more)), 0, 1)
        pupil.train(
            pupil.prepare(cell.angles(more), np.column_stack([share, np.zeros(len(more))])),
            lessons,
            generator,
        )
        return pupil.train(labels, passes, generator)
    pupil.train(labels, passes, generator)
    own_share, own_place = pupil.predict(cell.angles(more)).T
    place = np.clip(own_place, -1, 1)
    share = own_share if lesson == "own" else teacher.predict(cell.angles(seen_from(more, place)))
    share = np.clip(share, 0, 1)
    said = pupil.prepare(cell.angles(more), np.column_stack([share, place]))
    both = labels._replace(
        inputs=np.concatenate([labels.inputs, said.inputs]),
        targets=np.concatenate([labels.targets, said.targets]),
    )
    return pupil.train(both, lessons, generator)


def _moved_along(
    state: NDArray[np.float64], best: NDArray[np.float64], times: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return states and their best (v, x), and each so many times more with users and station moved along the road."""
    left, right = state[:, :2].min(axis=1), state[:, :2].max(axis=1)
    states, answers = [state], [best]
    for _ in range(times):
        # The best place is between the users, so where they stay on the road it does, too.
        origin = np.clip(rng.uniform(right - 1, left + 1), -1, 1)
        states.append(seen_from(state, origin))
        answers.append(np.column_stack([best[:, 0], best[:, 1] - origin]))
    return np.concatenate(states), np.concatenate(answers)
