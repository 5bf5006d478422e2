"""What the figures of a detector's clock and of a shared secret say, against the library, where a sentence could be false."""

import re
from collections.abc import Callable
from itertools import product
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Page

from qlearn.communication import bb84
from qlearn.communication.multi_party import insider, share
from qlearn.control.side_channels import DetectionTimes
from qlearn.qubits import density
from qlearn.qubits.entanglement import ghz

TELL = """([figure, settings]) => settings.map(setting => {
  for (const [label, to] of setting) {
    const knob = [...figure.querySelectorAll('.live-knobs :is(input, select)')]
      .find(one => (one.ariaLabel ?? one.closest('label').textContent) === label);
    if (knob.type === 'checkbox') knob.checked = to; else knob.value = to;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
  }
  return figure.querySelector('.live-says').textContent.replaceAll('\u00a0', ' ');
})"""


def told(page: Page, settings: list[dict[str, object]]) -> list[str]:
    """What is said at each of the settings, set by hand one after another."""
    return page.evaluate(TELL, [page.query_selector("figure"), [list(one.items()) for one in settings]])


LATE, JITTER, BY, SWAP = (
    "Detector 1 is late by",
    "Its jitter over 0’s",
    "Stamps are published",
    "Bob swaps detectors by a secret coin",
)


def test_what_a_clock_gives_away_and_what_is_left(show: Callable[..., Page]):
    promised = float(bb84.asymptotic_rate(0.02))
    settings = list(product((0, 0.5, 2, 3.4, 4), (0.5, 1, 2, 3)))
    texts = told(show("clock"), [{LATE: d, JITTER: r} for d, r in settings])
    for (d, r), text in zip(settings, texts, strict=True):
        leak = DetectionTimes(d, r)
        assert "2.0 %" in text
        if leak.information < 1e-9:
            assert "answer alike" in text
            continue
        assert f"names {100 * leak.guess:.1f} %" in text
        assert f"holds {leak.information:.4f} bits" in text
        assert ("Nothing is left" in text) == (leak.information >= promised)
        assert ("same mean" in text) == (d == 0)
    assert any("Nothing is left" in text for text in texts)


def test_the_worst_place_of_an_edge(show: Callable[..., Page]):
    settings = list(product((0, 0.5, 2), (1, 2), (2, 6, 20), (-4, -1, 0.3, 5)))
    page = show("clock", "clock.by=ticks")
    knobs = [
        {LATE: d, JITTER: r, "Width of a tick": w, "An edge falls at": at, SWAP: False}
        for d, r, w, at in settings
    ]
    for (d, r, w, at), text in zip(settings, told(page, knobs), strict=True):
        leak = DetectionTimes(d, r)
        if leak.information < 1e-9:
            continue
        places = np.append(np.arange(-4, at - 1e-9, 0.1), at)
        held = [max(0, leak.information_in_bins(w, edge=place)) for place in places]
        seen = re.search(r"holds ([\d.]+) bits of each bit", text)
        if seen and "×" not in text:
            assert float(seen[1]) == pytest.approx(held[-1], abs=6e-5), text
        if "worst place" in text:
            where, part = re.search(
                r"worst place is (−?[\d.]+), which leaves her (less than )?", text
            ).groups()
            near = abs(places - float(where.replace("−", "-"))).argmin()
            assert held[near] >= max(held) - 1e-4 * leak.information, text
            assert bool(part) == (1e-9 < max(held) / leak.information < 0.0005)
        elif at > -4:
            assert max(held) - min(held) < 0.0101 * max(held), text
        assert ("where the edges fall decides" in text) == (
            max(held) > 0.3 * leak.information and min(held) < 0.05 * leak.information and at > -4
        )
    # Half a jitter late, ticks wider than both curves: nearly two thirds; of one mean, an edge in the middle says nothing.
    whole = DetectionTimes(0.5)
    assert 0.64 < whole.information_in_bins(20, edge=0.25) / whole.information < 0.65
    assert DetectionTimes(0, 2).information_in_bins(20, edge=0) < 1e-9
    (swapped,) = told(page, [{LATE: 4, JITTER: 1, SWAP: True}])
    assert "and 0 of the bit" in swapped


def test_who_has_alices_bit(show: Callable[..., Page]):
    """Certain and fair ones, from the library's own rounds; 40,000 of them, at 5.5 standard errors, 4e-8 each."""
    page = show("sharing")
    letters = list(product("XY", repeat=3))
    for eve, who in product(("reaches", "after the dealer", "first"), ("both", "bob")):
        asked = {"Charlie’s particle": "none" if eve == "reaches" else eve, "Who guesses her bit": who}
        texts = told(
            page,
            [{**asked, "Alice measures": a, "Bob measures": b, "Charlie measures": c} for a, b, c in letters],
        )
        heard = None if eve == "reaches" else insider(40_000, speaks=eve, fakes="entangled", rng=3)
        rounds = share(40_000, rng=3) if heard is None else heard.rounds
        for setting, text in zip(letters, texts, strict=True):
            here = (rounds.bases == ["XY".index(one) + 1 for one in setting]).all(axis=1)
            bits = rounds.bits[here]
            held = (
                2 * bits[:, 1] + bits[:, 2]
                if who == "both"
                else (bits[:, 1] if heard is None else heard.guesses[here])
            )
            right = sum(max((bits[held == one, 0] == bit).sum() for bit in (0, 1)) for one in range(4)) / len(
                bits
            )
            says = float(re.search(r"right in ([\d.]+) %", text)[1]) / 100
            assert abs(says - right) < (1e-9 if says == 1 else 5.5 * 4 * 0.5 / np.sqrt(len(bits))), (
                setting,
                text,
            )
            assert ("thrown away." in text.split("guess")[0]) == (setting.count("Y") % 2 == 1)
            assert f"kept {100 * (0.25 if eve == 'first' else 0):.1f} % are wrong" in text
            assert rounds.error == pytest.approx(0.25 if eve == "first" else 0, abs=0.03)


@pytest.mark.parametrize("v", [1, 0.8, 0.5, 0])
def test_noise_and_somebody_make_the_same(show: Callable[..., Page], v: float):
    page = show("sharing")
    none, tap = told(page, [{"Visibility": v}, {"Charlie’s particle": "tap"}])
    assert f"{50 * (1 - v):.1f} % are wrong" in none
    assert ("just what somebody makes" in none) == (v == 0.5)
    assert f"{100 * (1 - v / 2) / 2:.1f} % are wrong" in tap
    assert ("visibility 0.50" in tap) == (v == 1)
    rho = v * density(ghz(3)) + (1 - v) * np.eye(8) / 8
    wrong = share(40_000, state=rho, outsider=2, rng=4).error
    assert abs(wrong - (1 - v / 2) / 2) < 5.5 * 0.5 / np.sqrt(19_000)


def test_three_separate_particles(show: Callable[..., Page]):
    (text,) = told(show("sharing"), [{"Source": "plus"}])
    assert "37.5 % are wrong, in XXX 0.0 %" in text
    assert "never shows" in text
    error = share(40_000, state=np.full(8, 8**-0.5), rng=5).error_by_setting()
    assert error["XXX"][0] == 0
    page = show("sharing", f"sharing.source=plus&sharing.eve={quote('tap')}")
    assert "never shows" not in page.locator(".live-says").text_content()
