"""Live figures at the corners of their knobs: something is drawn and said there, and what is said is true."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from qlearn.communication import quantum_network
from qlearn.communication.key_rate import tolerable_qber
from qlearn.communication.secret_key import sample_sizes
from qlearn.networks.secure_aggregation import least_threshold

ROOT = Path(__file__).resolve().parents[3]
USED = sorted(
    {
        match
        for path in [*(ROOT / "book").glob("*/*.ipynb"), *(ROOT / "book").glob("*.md")]
        for match in re.findall(r"live-([a-z0-9_]+(?:--[a-z_]+)?)\b", path.read_text(encoding="utf8"))
        if (ROOT / "book" / "_static" / "live" / f"{match.partition('--')[0]}.mjs").is_file()
    }
)
WALK = """([figure, seed]) => {
  const knobs = [...figure.querySelectorAll('.live-knobs :is(input, select)')], told = [];
  const places = knob => knob.tagName === 'SELECT' ? [...knob.options].map(one => one.value)
    : knob.type === 'checkbox' ? [false, true] : [knob.min, (+knob.min + +knob.max) / 2, knob.max];
  const turn = (knob, to) => {
    if (knob.closest('[hidden]')) return;
    if (knob.type === 'checkbox') knob.checked = to; else knob.value = to;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const tell = () => told.push([knobs.map(knob => knob.type === 'checkbox' ? knob.checked : knob.value).join(' '),
    figure.querySelector('.live-says').textContent,
    figure.querySelector('.live').innerHTML.replaceAll(/data:image[^"]*/g, '').match(/NaN|undefined|Infinity|null/g) ?? []]);
  const roll = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
  for (const knob of knobs) for (const to of places(knob)) { turn(knob, to); tell(); }
  for (let k = 0; k < 30; k++) {
    for (const knob of knobs) turn(knob, places(knob)[Math.floor(roll() * places(knob).length)]);
    tell();
  }
  return told;
}"""
ODD = re.compile(
    r"NaN|undefined|Infinity|null|−0(\.0+)?(?![\d.])|(?<![\d.])1 "
    r"(links|rounds|passes|hops|pulses|paths|steps|shots|copies|qubits)\b"
)


def said(page: Page) -> str:
    """What is said, with plain spaces."""
    return re.sub(r"(?<=\d),(?=\d{3})", "", page.locator(".live-says").text_content()).replace("\xa0", " ")


def number(text: str) -> float:
    """Read "3.2 × 10⁻⁵"."""
    mantissa, _, power = text.partition(" × 10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


@pytest.mark.parametrize("name", USED)
def test_at_every_corner_something_is_said(show: Callable[..., Page], name: str):
    page = show(name)
    for setting, told, wrong in page.evaluate(WALK, [page.query_selector("figure"), 21]):
        assert len(told) > 20, setting
        assert wrong == [], (setting, told)
        assert not ODD.search(told), (setting, told)


def test_no_light_gives_more_than_the_best(show: Callable[..., Page]):
    """Also fainter lights than the usual decoy, which a badly aligned receiver needs."""
    for method in ("infinite", "weak", "none"):
        for mu, wrong in ((-3, 0.09), (-2, 0.09), (-1.5, 0.1), (-1, 0.07), (-0.32, 0.033)):
            told = said(
                show(
                    "rate",
                    f"rate.method={method}&rate.mu={mu}&rate.wrong={wrong}&rate.dark=-9&rate.km=5",
                )
            )
            mine = re.search(r"of the light: (.+?) secret bits", told)
            best = re.search(r"The best light here, μ = .+?, gives (.+?)\. [TA]", told)
            if mine:
                assert best, told
                assert number(mine[1]) <= number(best[1]) * 1.06, told  # both are rounded to two digits


def test_the_front_page_says_where_its_own_key_ends(show: Callable[..., Page]):
    """With the best samples at each error rate, found by the library; the figure's slider and its sentence agree."""
    page = show("ledger--front")
    slider = page.get_by_label("Error rate")
    ends = float(re.search(r"or above ([\d.]+) % of errors", said(page))[1]) / 100
    lives = {}
    for qber in (round(1000 * ends) / 1000 - 0.002, round(1000 * ends) / 1000 + 0.002):
        slider.evaluate(
            "(node, to) => { node.value = to; node.dispatchEvent(new Event('input', {bubbles: true})); }",
            qber,
        )
        lives[qber] = not said(page).startswith("No key")
        best = sample_sizes({"Z": 250_000, "X": 250_000}, security=1e-10, expected_qber=qber)
        if sum(best.values()) < 500_000:  # (where nothing helps the figure compares a tenth)
            assert f"−{sum(best.values())}" in re.sub(r"(?<=\d),(?=\d{3})", "", page.locator(".live").text_content())
    assert list(lives.values()) == [True, False]


def test_a_pulse_that_is_read_by_hand_is_read(show: Callable[..., Page]):
    turns = "".join(f"{'zx'[k % 2]}{k}" for k in range(1, 9))
    for seed in range(1, 6):
        told = said(show("bb84", f"bb84.share=0&bb84.seed={seed}&bb84.turns={turns}"))
        assert "Nobody reads" not in told
        assert "only what you gave her" in told
    assert "Nobody reads" in said(show("bb84", "bb84.share=0"))
    # (At 12 % other one-way processing, with noise added first, still makes a key: Kern and Renes, arXiv:0712.1494.)
    assert tolerable_qber() < 0.12
    assert "plain one-way" in said(show("bb84", "bb84.share=0.48"))


def test_halfway_eve_is_never_right_for_sure_and_mostly_right(show: Callable[..., Page]):
    """Breidbart: cos²(π/8) of the bits; 5000 pulses, seeded, within 5.2 sigma: a false alarm of 2e-7."""
    told = said(show("bb84", "bb84.n=5000&bb84.how=breidbart"))
    assert "read 0 of the kept bits in the right basis" in told
    read, found = map(int, re.search(r"Of the (\d+) that she read at all she has found (\d+)", told).groups())
    chance = np.cos(np.pi / 8) ** 2
    assert abs(found - chance * read) < 5.2 * np.sqrt(chance * (1 - chance) * read)


def test_too_few_answers_lose_a_round(show: Callable[..., Page], drawn: Callable[[int, int], np.ndarray]):
    """As many rounds are lost as had fewer answers than the library's threshold."""
    here = (drawn(1, 300) >= 0.5).reshape(30, 10).sum(axis=1)
    for method, least in (
        ("none", 1),
        ("pads", 10),
        ("shared masks", least_threshold(10)),
        ("stretched", least_threshold(10)),
    ):
        told = said(
            show(
                "federated--keys",
                f"federated.away=0.5&federated.rounds=30&federated.method={method.replace(' ', '%20')}",
            )
        )
        lost = int((here < least).sum())
        found = re.search(r"Rounds lost: (\d+) of 30", told)
        assert int(found[1] if found else 0) == lost, told
        assert ("has no line" in told) == (lost == 30)


def test_a_cut_can_give_the_shortest_route_more_key(show: Callable[..., Page]):
    """The caption asks for one; and a single cut moves three of the five rules at most, by the library."""
    america = quantum_network.nobel_us(scale=0.05, swap_success=0.5, swap_werner=0.97)
    keys = []
    for cut in ("", "p"):
        told = said(show("network", f"network.by=distance&network.cut={cut}"))
        keys.append(number(re.search(r"pairs and (.+?) secret bits a second", told)[1]))
    assert keys[1] > 5 * keys[0]
    path = quantum_network.path_quality(america, quantum_network.route(america, 4, 13, by="distance"))
    assert keys[0] == pytest.approx(path.key_rate_hz, rel=0.05)
