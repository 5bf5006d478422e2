"""What the figure of a pushed line says, against the library: what no push changes, what only unequal rounds show, the key."""

import re
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import Page

from qlearn.communication.bb84 import asymptotic_rate
from qlearn.control import state_selection as states

TELL = """([figure, settings]) => settings.map(setting => {
  for (const [label, to] of setting) {
    const knob = [...figure.querySelectorAll('.live-knobs input')].find(one => one.ariaLabel === label);
    knob.value = to;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
  }
  const plain = node => node.textContent.replaceAll('\u00a0', ' ');
  const named = [...figure.querySelectorAll('.live-stages > svg + svg text:not(.live-end)')];
  const bars = named.map(one => [one.textContent, plain(one.nextSibling)]);
  return [plain(figure.querySelector('.live-says')), Object.fromEntries(bars)];
})"""
KNOBS = ("Key bits wrong", "+ wrong", "Push (of the furthest)")


def shown(page: Page, settings: list[tuple[float, ...]]) -> list[tuple[str, dict[str, str]]]:
    """What is said and what stands beside the bars, at each of the settings, set by hand one after another."""
    asked = [list(zip(KNOBS, setting, strict=True)) for setting in settings]
    return page.evaluate(TELL, [page.query_selector("figure"), asked])


def percents(text: str) -> list[float]:
    return [float(one) / 100 for one in re.findall(r"(-?[\d.]+) %", text)]


def test_what_is_counted_charged_and_proved(show: Callable[..., Page]):
    settings = list(product((0, 0.005, 0.03, 0.05, 0.12), (0, 0.01, 0.03, 0.12), (0, 0.01, 0.5, 1)))
    for (e_z, e_plus, push), (text, bars) in zip(settings, shown(show("push"), settings), strict=True):
        yields = states.x_yields(states.pushed_line(e_z, e_plus, push))
        phase, worst = (
            float(states.phase_error_of_three(yields)),
            float(states.worst_phase_error(e_z, e_plus)),
        )
        every, matched = float(asymptotic_rate(e_z, phase)), float(asymptotic_rate(e_z, worst))
        near = pytest.approx
        assert percents(text)[:2] == near([e_z, e_plus])
        named = [
            "key bits wrong", "+ wrong", "unequal: + over one half", "phase error, all kept",
            "phase error, unequal gone", "key, all kept", "key, unequal gone",
        ]  # fmt: skip
        assert list(bars) == named
        due = [e_z, e_plus, yields[0, 0] - 0.5, phase, worst]
        assert [percents(bars[one])[0] for one in named[:5]] == near(due, abs=5.1e-4)
        assert [float(bars[one]) for one in named[5:]] == near([every, matched], abs=5.1e-4)
        # What no push changes is asked of the line, not of the knobs.
        assert yields[2, 1] == near(e_plus, abs=1e-12)
        assert "NaN" not in text
        assert "-0.0" not in text
        if (
            e_z == 0
        ):  # nothing can be pushed: the coins fall evenly whatever is asked for, and no round is worth a bit
            assert "no room to push" in text
            assert np.allclose(yields[:2], 0.5, atol=1e-12)
            assert every == near(matched, abs=1e-12)
            assert f"The key is {every:.3f} secret bits per sifted bit, with" in text or (
                every == 0 and "The key is nothing" in text
            )
            continue
        assert "no room" not in text
        assert (yields[0, 0] > 0.5 + 1e-9) == (push > 0)
        assert ("fall evenly" in text) == (push == 0)
        assert ("+ is never wrong: wrong key bits alone" in text) == (push > 0 and e_plus == 0)
        if push:
            _, _, lean, over, never = percents(text)[:5]
            assert [lean, over, never] == near(
                [yields[0, 0], phase, states.fourth_state(yields)[0]], abs=5.1e-4
            )
            assert phase - e_plus == near(yields[0, 0] - 0.5, abs=1e-12)
        assert ("the furthest push:" in text) == (push == 1)
        if push == 1:
            assert every == near(matched, abs=1e-12)
            assert (
                f"{every:.3f} secret bits per sifted bit are proved" if every > 0 else "nothing is proved"
            ) in text
        else:
            assert percents(text)[-1] == near(worst, abs=5.1e-4)
            assert (f"all rounds: {every:.3f} secret bits" if every > 0 else "all rounds: nothing") in text
            assert text.endswith(
                f": {matched:.3f} secret bits per sifted bit." if matched > 0 else ": nothing."
            )
            assert every >= matched


def test_a_push_by_hand_stays_between_none_and_the_furthest(show: Callable[..., Page]):
    page = show("push", "push.z=0.05&push.plus=0.05")
    grip = page.locator(".live-handle")
    box = grip.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 300, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert grip.get_attribute("aria-valuenow") == "100"
    assert "furthest push" in page.locator(".live-says").text_content()
    for _ in range(30):
        grip.press("ArrowLeft")
    assert grip.get_attribute("aria-valuenow") == "0"
    assert "fall evenly" in page.locator(".live-says").text_content()
    # Nothing to push: the hand moves nothing, and it is said.
    page = show("push", "push.z=0")
    box = page.locator(".live-handle").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    assert "no room to push" in page.locator(".live-says").text_content()
