"""What the figure of a store of keys says, against the library, where a sentence could be false."""

import re
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import Page

from qlearn.communication.key_management import (
    KeyTraffic,
    follow_stock,
    refused_share,
    smallest_store,
)

TELL = """([figure, settings]) => settings.map(setting => {
  for (const [label, to] of setting) {
    const knob = [...figure.querySelectorAll('.live-knobs input')].find(one => one.ariaLabel === label);
    if (+knob.value === to) continue;
    knob.value = to;
    knob.dispatchEvent(new Event('input', {bubbles: true}));
  }
  return figure.querySelector('.live-says').textContent.replaceAll('\u00a0', ' ').replaceAll(',', '');
})"""
KNOBS = ("Keys asked a second", "Keys of one request", "Dark spells", "Keys the store holds")


def told(page: Page, settings: list[tuple[float, ...]]) -> list[str]:
    """What is said at each of the settings, set by hand one after another."""
    sent = [list(zip(KNOBS, one, strict=True)) for one in settings]
    return page.evaluate(TELL, [page.query_selector("figure"), sent])


def share_of(text: str) -> tuple[float, float]:
    """Return a share that is told, and how far rounding may have moved it, as parts of it."""
    if text == "all":
        return 1.0, 0.0
    if text.endswith(" %"):
        return float(text[:-2]) / 100, 0.05 / float(text[:-2])
    mantissa, _, exponent = text.removeprefix("1 in ").partition(" × 10")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    number = float(mantissa) * 10 ** int(exponent.translate(digits) or 0)
    return 1 / number, 0.051 if exponent else 0.51 / number


def holds(text: str, share: float) -> bool:
    """Whether a share is what is told of it."""
    if text == "fewer than 1 in a billion":
        return share < 1e-9
    value, off = share_of(text)
    return abs(value / share - 1) <= off * (1 + 1e-6) + 1e-9


def test_every_number_and_every_never(show: Callable[..., Page], drawn: Callable[[int, int], np.ndarray]):
    settings = list(product((4, 9, 9.9, 10, 10.1, 12), (0, 4, 6), (0, 1, 30), (0, 0.7, 1.8, 2.64)))
    page = show("store")
    page.set_default_timeout(60_000)
    numbers, seen = drawn(5, 12_000), set()
    for (asked, power, dark, log), text in zip(settings, told(page, settings), strict=True):
        burst, size = 2**power, int(np.floor(10**log + 0.5))
        mine = KeyTraffic(10, asked, burst, dark)
        more = KeyTraffic(11, asked, burst, dark)
        assert f"take {asked:.1f} keys a second" in text
        assert ("one at a time" in text) == (burst == 1)
        if size < burst:
            assert "and all are refused" in text
        else:
            long_run, lost, came, full = re.search(
                r"refuses (.+?) in the long run and in these two minutes which begin with a full one (\d+) of (\d+) while (\d+) "
                r"keys? found it full and (?:was|were) lost",
                text,
            ).groups()
            if size <= 1000:  # (the library takes its time for more)
                assert holds(long_run, refused_share(size, mine)), text
            run = follow_stock(numbers, size, mine, seconds=120)
            assert [int(lost), int(came), int(full)] == [run.refused.sum(), run.asked.sum(), run.full.sum()]
        twice, faster = re.search(
            r"Twice the store would refuse (.+?) a link that makes a tenth more (.+?);", text
        ).groups()
        if size <= 1000:
            assert holds(twice, refused_share(2 * size, mine)), text
            assert holds(faster, refused_share(size, more)), text
        assert (
            ("dark in spells of" in text) == (f"dark in spells of {dark} s on average" in text) == bool(dark)
        )
        # what is compared has one unit, but for what is far less
        if twice.endswith("%") and twice != "all":
            assert (long_run.endswith("%") if size >= burst else True) or share_of(twice)[0] > 0.0995
        if "no store" in text:
            assert "with this link no store refuses less" in text
            seen.add("never")
            made, of, least = map(
                float, re.search(r"less than 1 − (\d+)/([\d.]+) or ([\d.]+) %", text).groups()
            )
            # what holds for every store: fewer keys are handed out than are made
            assert of == asked > made == 10
            assert abs(least / 100 - (1 - 10 / asked)) <= 0.0005
            assert refused_share(3000, mine) >= 1 - 10 / asked
        else:
            assert asked <= 10
            needs = re.search(r"1 in 1000 takes a store of (.+?) or (.+?) with that link\.$", text).groups()
            for need, traffic in zip(needs, (mine, more), strict=True):
                seen.add("too many" if "more" in need else "need")
                if "more" in need:
                    assert refused_share(100_000, traffic) > 1e-3
                    continue
                # the smallest: one key less refuses more
                assert refused_share(int(need), traffic) <= 1e-3 * (1 + 1e-9), text
                assert int(need) == burst or refused_share(int(need) - 1, traffic) > 1e-3, text
    assert seen == {"never", "too many", "need"}


def test_what_the_caption_asks(show: Callable[..., Page]):
    """Twice the store or a tenth more from the link: which is worth more changes with the load, for keys asked one by one."""
    page = show("store")
    wins = {}
    for asked in (7, 9, 9.9):
        need = smallest_store(1e-2, KeyTraffic(10, asked))
        (text,) = told(page, [(asked, 0, 0, round(float(np.log10(need)), 2))])
        twice, more = re.search(r"would refuse (.+?) a link that makes a tenth more (.+?);", text).groups()
        wins[asked] = share_of(twice)[0] < share_of(more)[0]
    assert wins == {7: True, 9: True, 9.9: False}
    (one, many) = told(page, [(9, 0, 0, 1.3), (9, 4, 0, 1.3)])
    sizes = [int(re.search(r"takes a store of (\d+)", text)[1]) for text in (one, many)]
    assert sizes == [smallest_store(1e-3, KeyTraffic(10, 9)), smallest_store(1e-3, KeyTraffic(10, 9, burst=16))]  # fmt: skip


def test_of_what_length_the_spells_are(show: Callable[..., Page]):
    page = show("store")
    caption = page.locator("figcaption").text_content()
    assert "however long a spell has lasted, the next second is as likely as ever to end it" in caption
    (text,) = told(page, [(9, 0, 10, 1.3)])
    assert f"takes a store of {smallest_store(1e-3, KeyTraffic(10, 9, dark_s=10))} or" in text


@pytest.mark.parametrize(("log", "one"), [(0, "a store of 1 key refuses"), (0.3, "a store of 2 keys refuses")])  # fmt: skip
def test_one_key_is_one_key(show: Callable[..., Page], log: float, one: str):
    assert one in told(show("store"), [(9, 0, 0, log)])[0].lower()
