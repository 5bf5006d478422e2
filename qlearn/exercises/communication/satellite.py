"""Exercises of the chapter *Satellite: a key from above*."""

from itertools import product
from math import isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qlearn.communication import satellite
from qlearn.exercises import Exercise, Verdict

RADIUS = satellite.EARTH_RADIUS_KM


def _grade_nearer(answer: Any) -> Verdict:
    value = float(np.squeeze(answer))
    right = 20 * np.log10(2)
    mistakes = {
        10
        * np.log10(
            2
        ): "3 dB are a factor of 2. The beam is half as wide in *two* directions: a factor of 4 in area.",
        -right: "nearer is brighter: say it as a gain, a positive number.",
        600 * 0.2: "that is fibre, 0.2 dB for each km. Empty space absorbs nothing; the beam only spreads.",
        4.0: "a factor of 4, yes; in decibel that is 10 log10 of it.",
        2 * right: "12 dB are a factor of 16. The width halves, the area quarters: 10 log10(4).",
    }
    if isclose(value, right, abs_tol=0.05):
        return Verdict.right(
            "6 dB: four times as many photons. In fibre 600 km less would be 120 dB, a factor of 10^12."
        )
    for wrong, why in mistakes.items():
        if isclose(value, wrong, rel_tol=5e-3):
            return Verdict.wrong(why)
    return Verdict.wrong(
        f"{value:g} dB is not it. How much wider is the spot at twice the distance, and how much larger its area?"
    )


nearer = Exercise(
    name="nearer",
    level="warm-up",
    prompt=(
        "A satellite comes from 1200 km to 600 km. Its beam is far wider than the telescope at either distance. "
        "How many decibel does the spreading of the beam cost less? By hand."
    ),
    stub="nearer = ...  # dB\n",
    solution="nearer = 10 * np.log10(2**2)\n",
    explanation=(
        "The spot's diameter is proportional to the distance, its area to the square. A telescope of fixed size catches "
        "four times as much at half the distance: 6.02 dB."
    ),
    wrong={
        "one direction only": "nearer = 10 * np.log10(2)\n",
        "sign": "nearer = -20 * np.log10(2)\n",
        "fibre": "nearer = 600 * 0.2\n",
        "a factor, not decibel": "nearer = 4\n",
        "fourth power": "nearer = 40 * np.log10(2)\n",
    },
    grade=_grade_nearer,
    given={"np": np},
)


def _grade_distance(answer: Any) -> Verdict:
    for elevation, height in ((90.0, 500.0), (30.0, 500.0), (10.0, 1200.0)):
        got = float(answer(elevation, height))
        right = float(satellite.slant_range(elevation, height_km=height))
        if isclose(got, right, rel_tol=2e-3):
            continue
        sine = np.sin(np.deg2rad(elevation))
        where = f"at {elevation:g} degrees and a height of {height:g} km you return {got:.6g} km; "
        if isclose(got, height / sine, rel_tol=1e-3):
            return Verdict.wrong(
                where
                + "that is for a flat Earth. Near the horizon the real one falls away under the satellite."
            )
        radians = np.sqrt((RADIUS + height) ** 2 - (RADIUS * np.cos(elevation)) ** 2) - RADIUS * np.sin(
            elevation
        )
        if isclose(got, radians, rel_tol=1e-3):
            return Verdict.wrong(where + "NumPy's sine takes radians: np.deg2rad.")
        other = (
            np.sqrt((RADIUS + height) ** 2 - (RADIUS * np.cos(np.deg2rad(elevation))) ** 2) + RADIUS * sine
        )
        if isclose(got, other, rel_tol=1e-3):
            return Verdict.wrong(
                where + "the quadratic equation has two roots; this one goes through the Earth."
            )
        return Verdict.wrong(
            where + f"it is {right:.1f} km. Law of cosines with the angle 90 + elevation at the station."
        )
    return Verdict.right(
        "At the zenith the height, at the horizon thousands of kilometres: most of a pass is spent far away."
    )


distance = Exercise(
    name="distance",
    level="core",
    prompt=(
        "Write `distance(elevation_deg, height_km)`: how far away is a satellite at that height that is seen at that "
        "elevation? The Earth's radius is `RADIUS = 6371.0` km. (Triangle: centre of the Earth, station, satellite.)"
    ),
    stub="def distance(elevation_deg, height_km):\n    ...\n",
    solution=(
        "def distance(elevation_deg, height_km):\n"
        "    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km\n"
        "    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)\n"
    ),
    explanation=(
        "The angle at the station is 90 degrees plus the elevation: $r^2 = R^2 + d^2 + 2 R d \\sin\\epsilon$. Solve for the "
        "positive $d$."
    ),
    wrong={
        "flat Earth": (
            "def distance(elevation_deg, height_km):\n    return height_km / np.sin(np.deg2rad(elevation_deg))\n"
        ),
        "radians": (
            "def distance(elevation_deg, height_km):\n"
            "    angle, r = elevation_deg, RADIUS + height_km\n"
            "    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) - RADIUS * np.sin(angle)\n"
        ),
        "the other root": (
            "def distance(elevation_deg, height_km):\n"
            "    angle, r = np.deg2rad(elevation_deg), RADIUS + height_km\n"
            "    return np.sqrt(r**2 - (RADIUS * np.cos(angle)) ** 2) + RADIUS * np.sin(angle)\n"
        ),
    },
    grade=_grade_distance,
    given={"np": np, "RADIUS": RADIUS},
)


def _grade_loss_db(answer: Any) -> Verdict:
    for d, theta, aperture, zenith, elevation in (
        (1200.0, 7.41, 1.0, 3.2, 20.0),
        (600.0, 10.0, 0.5, 1.0, 60.0),
    ):
        got = float(answer(d, theta, aperture, zenith, elevation))
        beam = -10 * np.log10(
            float(satellite.geometric_transmittance(d, divergence_urad=theta, aperture_m=aperture))
        )
        air = zenith / np.sin(np.deg2rad(elevation))
        if abs(got - beam - air) < 0.12:
            continue
        where = f"for {d:g} km at {elevation:g} degrees you return {got:.2f} dB; "
        doubled = -10 * np.log10(-np.expm1(-2 * (aperture / (d * theta * 1e-3)) ** 2))
        mistakes = {
            beam + zenith: "the way through the air is longer than straight up: by 1/sin of the elevation.",
            doubled + air: "aperture_m is the diameter; the formula has the radius.",
            beam: "the air is missing.",
            air: "the spreading of the beam is missing.",
            -beam - air: "a loss in dB is a positive number.",
            10 ** (-(beam + air) / 10): "that is the transmittance; the question asks for decibel.",
            beam
            + zenith
            * np.sin(np.deg2rad(elevation)): "the slanted way is longer, not shorter: divide by the sine.",
            beam
            + zenith / np.cos(np.deg2rad(elevation)): "elevation counts from the horizon: 1/sin, not 1/cos.",
            beam + zenith / np.sin(elevation): "NumPy's sine takes radians: np.deg2rad.",
            beam * np.log(10) + air: "decibels are 10 times the logarithm to base *ten*.",
        }
        for wrong, why in mistakes.items():
            if isclose(got, wrong, rel_tol=5e-4):
                return Verdict.wrong(where + why)
        return Verdict.wrong(where + f"it is {beam:.2f} dB of spreading and {air:.2f} dB of air.")
    return Verdict.right("Losses in a row multiply, so their decibels add. That is what decibels are for.")


loss_db = Exercise(
    name="loss_db",
    level="core",
    prompt=(
        "Write `loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg)`: the loss in dB of a "
        "Gaussian beam (half-angle at $1/e^2$) into a telescope of that *diameter*, plus the loss in the air, which is "
        "`zenith_loss_db` straight up. Use $1/\\sin\\epsilon$ for the air mass, and no jitter."
    ),
    stub="def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n    ...\n",
    solution=(
        "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
        "    w = range_km * 1e3 * divergence_urad * 1e-6\n"
        "    caught = 1 - np.exp(-2 * (aperture_m / 2) ** 2 / w**2)\n"
        "    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))\n"
        "    return -10 * np.log10(caught) + air\n"
    ),
    explanation="Share of the Gaussian inside the telescope, in dB, plus Beer's law: decibels per air mass, times air masses.",
    wrong={
        "straight up": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + zenith_loss_db\n"
        ),
        "diameter": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / w) ** 2)) + air\n"
        ),
        "no air": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2))\n"
        ),
        "sign": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))\n"
            "    return 10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) - air\n"
        ),
        "shorter when slanted": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db * np.sin(np.deg2rad(elevation_deg))\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air\n"
        ),
        "angle from the zenith": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.cos(np.deg2rad(elevation_deg))\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air\n"
        ),
        "radians": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.sin(elevation_deg)\n"
            "    return -10 * np.log10(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air\n"
        ),
        "natural logarithm": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))\n"
            "    return -10 * np.log(1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) + air\n"
        ),
        "transmittance": (
            "def loss_db(range_km, divergence_urad, aperture_m, zenith_loss_db, elevation_deg):\n"
            "    w = range_km * 1e-3 * divergence_urad\n"
            "    air = zenith_loss_db / np.sin(np.deg2rad(elevation_deg))\n"
            "    return (1 - np.exp(-2 * (aperture_m / 2 / w) ** 2)) * 10 ** (-air / 10)\n"
        ),
    },
    grade=_grade_loss_db,
    given={"np": np},
)


def _grade_turned(answer: Any) -> Verdict:
    sky = satellite.overpass(height_km=500, max_elevation_deg=49, min_elevation_deg=20)
    weight = 1 / sky.range_km**2
    mostly_wrong = (np.array([70.0, 90.0]), np.array([1.0, 2.0]))
    cases = ((sky.azimuth_deg, weight), (np.array([0.0, 90.0]), np.array([3.0, 1.0])), mostly_wrong)
    for angle, clicks in cases:
        got = float(answer(angle.copy(), clicks.copy()))
        wrong = np.sin(np.deg2rad(angle)) ** 2
        right = float((clicks * wrong).sum() / clicks.sum())
        if isclose(got, right, rel_tol=1e-6):
            continue
        mistakes = {
            float(wrong.mean()): "seconds with many clicks count more: weight each second by its clicks.",
            float(
                (clicks * np.sin(angle) ** 2).sum() / clicks.sum()
            ): "NumPy's sine takes radians: np.deg2rad.",
            float((clicks * np.abs(np.sin(np.deg2rad(angle)))).sum() / clicks.sum()): (
                "probabilities are squares: a photon turned by 30 degrees takes the wrong way with 1/4, not 1/2."
            ),
            float((clicks * np.sin(np.deg2rad(angle) / 2) ** 2).sum() / clicks.sum()): (
                "half the angle is for the Bloch sphere. Polarisations at 90 degrees are already orthogonal."
            ),
            float((clicks * (1 - wrong)).sum() / clicks.sum()): (
                "that is the share of right clicks: at 0 degrees nothing is wrong."
            ),
            float((clicks * np.sin(np.deg2rad(2 * angle)) ** 2).sum() / clicks.sum()): (
                "2 times the angle is for the Bloch sphere, and there the chance has its half: sin^2 of the angle itself."
            ),
            float((clicks * wrong).sum()): "divide by all clicks: an error rate is a share.",
        }
        for value, why in mistakes.items():
            if isclose(got, value, rel_tol=1e-6):
                return Verdict.wrong(why)
        return Verdict.wrong(
            f"you return {got:.4g} where {right:.4g} is right: wrong clicks over all clicks."
        )
    return Verdict.right(
        "Turned by hand against the satellite's flight, the error goes away; not turned, there is no key: the average is "
        "far beyond 11 %."
    )


turned = Exercise(
    name="turned",
    level="core",
    prompt=(
        "Nobody turns the ground station's polarisers while the satellite flies by. Write `turned(angle_deg, clicks)`: "
        "arrays with, for each second, the angle by which its frame is turned and the number of clicks. Return the "
        "QBER of the whole pass, from the turn alone."
    ),
    stub="def turned(angle_deg, clicks):\n    ...\n",
    solution=(
        "def turned(angle_deg, clicks):\n"
        "    wrong = np.sin(np.deg2rad(angle_deg)) ** 2\n"
        "    return (clicks * wrong).sum() / clicks.sum()\n"
    ),
    explanation="A photon turned by $\\varphi$ takes the wrong exit with $\\sin^2\\varphi$; average over clicks, not seconds.",
    wrong={
        "mean over seconds": (
            "def turned(angle_deg, clicks):\n    return np.mean(np.sin(np.deg2rad(angle_deg)) ** 2)\n"
        ),
        "radians": (
            "def turned(angle_deg, clicks):\n    return (clicks * np.sin(angle_deg) ** 2).sum() / clicks.sum()\n"
        ),
        "not squared": (
            "def turned(angle_deg, clicks):\n"
            "    return (clicks * np.abs(np.sin(np.deg2rad(angle_deg)))).sum() / clicks.sum()\n"
        ),
        "half the angle": (
            "def turned(angle_deg, clicks):\n"
            "    return (clicks * np.sin(np.deg2rad(angle_deg) / 2) ** 2).sum() / clicks.sum()\n"
        ),
        "right clicks": (
            "def turned(angle_deg, clicks):\n"
            "    return (clicks * np.cos(np.deg2rad(angle_deg)) ** 2).sum() / clicks.sum()\n"
        ),
        "twice the angle": (
            "def turned(angle_deg, clicks):\n"
            "    return (clicks * np.sin(np.deg2rad(2 * angle_deg)) ** 2).sum() / clicks.sum()\n"
        ),
        "not divided": (
            "def turned(angle_deg, clicks):\n    return (clicks * np.sin(np.deg2rad(angle_deg)) ** 2).sum()\n"
        ),
    },
    grade=_grade_turned,
    given={"np": np},
)


def _rank(rows: NDArray[np.uint8]) -> int:
    """Return the rank over the field of two elements."""
    left, rank = rows.copy(), 0
    for column in range(left.shape[1]):
        here = np.flatnonzero(left[rank:, column])
        if here.size:
            left[[rank, rank + here[0]]] = left[[rank + here[0], rank]]
            others = left[:, column].astype(bool)
            others[rank] = False
            left[others] ^= left[rank]
            rank += 1
        if rank == len(left):
            break
    return rank


def _first_told(announce: Any, length: int, rng: np.random.Generator) -> int | None:
    """Return the first bit of Beijing's key that the announcements betray although the pad is random, or None.

    Flipping one bit of a key changes an affine announcement by a word of its own, whatever the keys are. Beijing's
    word is hidden where Vienna's bits can make the same change.
    """
    beijing, vienna = rng.integers(0, 2, (2, length), dtype=np.uint8)
    heard = announce(beijing, vienna)
    units = np.eye(length, dtype=np.uint8)
    of_beijing = np.array([announce(beijing ^ one, vienna) ^ heard for one in units])
    of_vienna = np.array([announce(beijing, vienna ^ one) ^ heard for one in units])
    hidden = _rank(of_vienna)
    for position in range(length):
        if _rank(np.vstack([of_vienna, of_beijing[: position + 1]])) > hidden:
            return position
    return None


def _grade_relay(answer: Any) -> Verdict:
    rng = np.random.default_rng(2018)
    length = int(rng.integers(96, 160))
    beijing, vienna = rng.integers(0, 2, (2, length), dtype=np.uint8)
    got = answer(beijing.copy(), vienna.copy())
    if not isinstance(got, tuple | list) or len(got) != 2:
        return Verdict.wrong(
            "return two things: what the satellite announces, and the function that Vienna applies."
        )
    announced, recover = np.asarray(got[0]), got[1]
    if not callable(recover):
        return Verdict.wrong("the second thing is a function of Vienna's key and of what was announced.")
    if announced.shape == beijing.shape and (
        np.array_equal(announced, beijing) or np.array_equal(announced, vienna)
    ):
        return Verdict.wrong("the satellite announces a key in the clear: everybody who hears it has it.")
    result = np.asarray(recover(vienna.copy(), announced.copy()))
    if result.shape != beijing.shape or not np.array_equal(result, beijing):
        return Verdict.wrong(
            "Vienna does not get Beijing's key. What turns one key into the other, bit by bit?"
        )
    # The function may use what Vienna has and hears, and nothing that it remembers of another night.
    second, night = rng.integers(0, 2, (2, length), dtype=np.uint8)
    heard = np.asarray(answer(second.copy(), night.copy())[0])
    if not np.array_equal(np.asarray(recover(night.copy(), heard)), second):
        return Verdict.wrong(
            "your function remembers the keys that it was made with: on another night it fails. It may use nothing "
            "but `vienna` and `announced`."
        )
    # Listeners learn nothing if what they may hear is the same, and as likely, whatever either key is.
    words = np.array(list(product((0, 1), repeat=3)), dtype=np.uint8)
    table = [[np.asarray(answer(b.copy(), v.copy())[0]).tolist() for v in words] for b in words]
    if any(row == [row[0]] * len(row) for row in table):
        return Verdict.wrong("the announcement does not depend on Vienna's key, so it cannot hide Beijing's.")
    if not set(np.ravel(table)) <= {0, 1}:
        return Verdict.wrong(
            "the sum has a carry, and it tells: who hears 0 or 2 knows both bits. Add modulo 2."
        )
    columns = [list(column) for column in zip(*table, strict=True)]
    for name, rows in (("Beijing", table), ("Vienna", columns)):
        for word, row in zip(words, rows, strict=True):
            if sorted(row) != sorted(rows[0]):
                return Verdict.wrong(
                    f"Vienna gets the key, but listeners learn something: with {word.tolist()} as {name}'s key they may "
                    f"hear other things than with {words[0].tolist()}. Hide every bit."
                )
    # Three bits are not a key: flip each bit of the long keys by itself.
    told = _first_told(lambda b, v: np.asarray(answer(b.copy(), v.copy())[0]).astype(np.uint8), length, rng)
    if told is not None:
        return Verdict.wrong(
            f"short keys are hidden, long ones are not: of {length} bits listeners learn bit {told} of Beijing's key, or its sum "
            "with others. Every bit needs a bit of Vienna's for itself."
        )
    return Verdict.right(
        "A one-time pad: Beijing's key is the message, Vienna's the pad. Listeners learn nothing of either; the "
        "satellite knows everything, and that is why it is called *trusted*."
    )


relay = Exercise(
    name="relay",
    level="project",
    prompt=(
        "The satellite has made one key with Beijing and one with Vienna, of the same length. Write "
        "`relay(beijing, vienna)`: it returns what the satellite *announces in public*, and a function "
        "`recover(vienna, announced)` by which Vienna gets Beijing's key. Listeners must learn nothing."
    ),
    stub="def relay(beijing, vienna):\n    ...\n    # return announced, recover\n",
    solution=(
        "def relay(beijing, vienna):\n"
        "    def recover(mine, announced):\n"
        "        return mine ^ announced\n"
        "\n"
        "    return beijing ^ vienna, recover\n"
    ),
    explanation=(
        "The sum modulo 2 of two independent random keys is random whatever either of them is. Vienna adds her own and "
        "has Beijing's. The satellite knew both all the time: the distance is bridged by trust, not by quantum mechanics."
    ),
    wrong={
        "in the clear": "def relay(beijing, vienna):\n    return beijing, lambda mine, announced: announced\n",
        "and instead of xor": (
            "def relay(beijing, vienna):\n    return beijing & vienna, lambda mine, announced: mine & announced\n"
        ),
        "no function": "def relay(beijing, vienna):\n    return beijing ^ vienna, vienna\n",
        "one thing": "def relay(beijing, vienna):\n    return beijing ^ vienna\n",
        "sum with carry": (
            "def relay(beijing, vienna):\n"
            "    return beijing + vienna, lambda mine, announced: announced - mine\n"
        ),
        "half in the clear": (
            "def relay(beijing, vienna):\n"
            "    hide = vienna * (np.arange(len(vienna)) % 2).astype(np.uint8)\n"
            "    def recover(mine, announced):\n"
            "        return announced ^ mine * (np.arange(len(mine)) % 2).astype(np.uint8)\n"
            "    return beijing ^ hide, recover\n"
        ),
        "only the first bits hidden": (
            "def relay(beijing, vienna):\n"
            "    def pad(key):\n"
            "        return np.where(np.arange(len(key)) < 3, key, 0).astype(np.uint8)\n"
            "    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)\n"
        ),
        "a pad used again": (
            "def relay(beijing, vienna):\n"
            "    def pad(key):\n"
            "        return np.resize(key[:64], len(key))\n"
            "    return beijing ^ pad(vienna), lambda mine, announced: announced ^ pad(mine)\n"
        ),
        "a function that remembers": (
            "def relay(beijing, vienna):\n    return vienna ^ 1, lambda mine, announced: beijing\n"
        ),
        "complement": (
            "def relay(beijing, vienna):\n    return beijing ^ 1, lambda mine, announced: announced ^ 1\n"
        ),
    },
    grade=_grade_relay,
    given={"np": np},
)
