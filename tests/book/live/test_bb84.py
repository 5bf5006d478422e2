"""The live figure of BB84: its rows obey the protocol, and its coins are fair."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page

ROWS = (
    "pulse",
    "Alice bit",
    "Alice basis",
    "Alice sends",
    "Eve basis",
    "Eve reads",
    "Eve resends",
    "Bob basis",
    "Bob reads",
    "same basis",
    "error",
)
KETS = {("0", "Z"): "|0⟩", ("1", "Z"): "|1⟩", ("0", "X"): "|+⟩", ("1", "X"): "|−⟩"}


def table(page: Page) -> list[dict[str, str]]:
    """The pulses that are shown, as rows by name."""
    cells = page.evaluate(
        "[...document.querySelectorAll('.live-pulses tr')].map(r => [...r.cells].map(c => c.textContent))"
    )
    assert tuple(row[0] for row in cells) == ROWS
    return [dict(zip(ROWS, column, strict=True)) for column in list(zip(*cells, strict=True))[1:]]


def said(page: Page) -> str:
    return re.sub(r"(?<=\d),(?=\d{3})", "", page.locator(".live-says").text_content()).replace("\xa0", " ")


@pytest.mark.parametrize("eve", [0, 1])
def test_each_pulse_obeys_the_rules(show: Callable[..., Page], eve: int):
    wrong = 0
    for seed in range(1, 9):
        for pulse in table(show("bb84", f"bb84.seed={seed}&bb84.eve={eve}")):
            assert pulse["Alice sends"] == KETS[pulse["Alice bit"], pulse["Alice basis"]]
            assert pulse["same basis"] == ("✓" if pulse["Alice basis"] == pulse["Bob basis"] else "·")
            if eve:
                assert pulse["Eve resends"] == KETS[pulse["Eve reads"], pulse["Eve basis"]]
            else:
                assert pulse["Eve basis"] == "–"
            reader = "Eve" if eve else "Bob"
            if (
                pulse[f"{reader} basis"] == pulse["Alice basis"]
            ):  # who asks as it was written reads what was written
                assert pulse[f"{reader} reads"] == pulse["Alice bit"]
            differ = pulse["Alice bit"] != pulse["Bob reads"]
            assert pulse["error"] == ("✗" if differ and pulse["same basis"] == "✓" else "")
            wrong += pulse["error"] == "✗"
            assert not (pulse["error"] and pulse["Eve basis"] in ("–", pulse["Alice basis"]))
    assert (wrong > 0) == bool(eve)


def test_a_basis_is_turned_by_hand_and_the_address_keeps_it(show: Callable[..., Page]):
    page = show("bb84")
    before = table(page)
    for who in ("Alice", "Bob", "Eve"):
        coin = page.get_by_role("button", name=re.compile(f"^{who}’s basis of pulse 4:"))
        coin.focus()
        page.keyboard.press("Enter")
        assert table(page)[3][f"{who} basis"] != before[3][f"{who} basis"]
    after = table(page)
    assert [after[k] == before[k] for k in range(8)] == [k != 3 for k in range(8)]  # no other pulse changes
    page.wait_for_timeout(650)
    assert table(show("bb84", page.evaluate("location.search").removeprefix("?"))) == after


@pytest.mark.parametrize(
    ("query", "rate"),
    [
        ("how=random", 0.25),
        ("how=breidbart", 0.25),
        ("how=Z", 0.25),
        ("how=X&bb84.share=0.5", 0.125),
        ("eve=0", 0),
    ],
)
def test_the_coins_are_fair(show: Callable[..., Page], query: str, rate: float):
    """5000 pulses, seeded; each share within 5.2 sigma of its chance: a false alarm of 2e-7 each."""
    text = said(show("bb84", f"bb84.n=5000&bb84.{query}"))
    pulses, kept, wrong = map(
        int, re.search(r"Of (\d+) pulses (\d+) are kept, (\d+) of them wrong", text).groups()
    )
    assert pulses == 5000
    assert abs(kept - 2500) < 5.2 * np.sqrt(1250)
    assert abs(wrong - rate * kept) <= 5.2 * np.sqrt(rate * (1 - rate) * kept)
