"""What the figures of cloning, Eve, untrusted devices, superdense coding, chains and the ledger say where it could be false."""

import re
from collections.abc import Callable
from math import floor

import numpy as np
import pytest
from playwright.sync_api import Page

from qlearn.communication import bb84, repeaters, superdense
from qlearn.communication.eavesdropping import cloning_attack, entangling_probe, holevo, predict
from qlearn.communication.entangled_keys import critical_efficiency, device_independent_rate, lossy_chsh
from qlearn.communication.secret_key import PhaseErrorBound, hashing_margin
from qlearn.communication.secret_key.finite_key import failure_of_one_basis
from qlearn.communication.secret_key.verification import tag_bits
from qlearn.qubits import bell_state, ket
from qlearn.qubits.entanglement import werner
from qlearn.qubits.entropies import binary_entropy
from qlearn.qubits.no_cloning import cloning_bound, second_fidelity
from qlearn.qubits.noise import amplitude_damping


def said(show: Callable[..., Page], name: str, **setting: object) -> str:
    """What is said at a setting, with plain spaces; the page is closed again."""
    page = show(name, "&".join(f"{name}.{key}={value}" for key, value in setting.items()))
    text = page.locator(".live-says").text_content().replace("\u202f", "").replace("\xa0", " ")
    page.close()
    return text


def test_a_copy_worth_a_measurement_leaves_the_first_nearly_whole(show: Callable[..., Page]):
    """The question of the chapter: 2/3 for the second, and more than 0.95 for the first."""
    first = np.linspace(0.9, 1, 100_001)
    there = float(first[np.abs(second_fidelity(first) - 2 / 3).argmin()])
    told = said(show, "cloning", first=f"{there:.3f}")
    assert f"the better one still has {there:.3f}" in told
    assert "more than it has here" in said(show, "cloning", first=f"{there + 0.01:.3f}")
    assert "Both are better than 2/3" in said(show, "cloning", first=f"{there - 0.01:.3f}")


def test_both_ends_of_the_border_and_its_middle(show: Callable[..., Page]):
    assert "stands upright" in said(show, "cloning", first=1)
    assert "lies flat" in said(show, "cloning", first=0.5)
    assert "Evenly shared" in said(show, "cloning")
    assert "Evenly shared" not in said(show, "cloning", first=0.834)
    # A state that both copies of the circle's cloner have without a fault, also where one wire is never touched.
    for first in (0.5, 0.8, 1):
        told = said(show, "cloning", machine="circle", first=first, **{"in": 1.5707963, "around": 1.5707963})
        assert "without a fault" in told
        assert "nothing is copied" not in told


def test_measuring_a_circle_gives_more_than_measuring_any_state(show: Callable[..., Page]):
    """What is measured and told could be copied without end: the limit of the bound on many copies, in words and drawn."""
    for machine, states, told_on in (("any", "01+-ij", 2 / 3), ("circle", "01+-", 3 / 4)):
        bounds = [cloning_bound([ket(label) for label in states], np.full(m, 1 / m)) for m in (3, 5)]
        assert bounds[0] > bounds[1] > told_on
        # Bounds of odd numbers of copies are a + b / m: this is a.
        assert (5 * bounds[1] - 3 * bounds[0]) / 2 == pytest.approx(told_on, abs=1e-9)
        page = show("cloning", f"cloning.machine={machine}")
        box = page.locator("svg text", has_text="measuring").bounding_box()
        tick = [
            page.locator("svg text").get_by_text(text, exact=True).last.bounding_box()
            for text in ("2/3", "5/6")
        ]
        assert (box["y"] < tick[0]["y"] - 5) == (machine == "circle")
        assert ("measuring gives both 3/4" in page.locator(".live-says").text_content()) == (
            machine == "circle"
        )


@pytest.mark.parametrize("errors", [0.05, 0.11, 0.111, 0.14, 0.2])
def test_bob_against_eve(show: Callable[..., Page], errors: float):
    attack = entangling_probe(errors)
    alone, together = predict(attack).information["Z"], holevo(attack)["Z"]
    ahead = 1 - float(binary_entropy(errors)) - alone
    told = said(show, "probe", errors=errors)
    assert f"knows {alone:.3f} bits" in told
    assert ("She knows more than Bob" in told) == (ahead < 0)
    assert ("leaves no key" in told) == (ahead > 0 and errors > bb84.threshold())
    assert f"knows {together:.3f} bits" in said(show, "probe", errors=errors, eve="probe")


def test_who_is_ahead_in_bits_and_behind_in_guesses(show: Callable[..., Page]):
    """The question of the chapter: the readers of a share of the pulses, and no cloner that is asked one by one."""
    assert "Bob has more bits right" in said(show, "probe", eve="coin", errors=0.2)
    assert "Bob has more bits right" not in said(show, "probe", eve="one", errors=0.2)
    seen = predict(cloning_attack(0.14))
    assert seen.guess["Z"] < 0.86
    assert 1 - binary_entropy(0.14) < holevo(cloning_attack(0.14))["Z"]
    told = said(show, "probe", eve="clone", errors=0.14)
    assert "hold more together" in told
    assert "which of hers" not in told


@pytest.mark.parametrize("visibility", [0.71, 0.78, 0.79, 0.9, 1])
def test_keys_with_and_without_trust(show: Callable[..., Page], visibility: float):
    pair, wrong = werner((1 + 3 * visibility) / 4), (1 - visibility) / 2
    border = critical_efficiency(state=pair)
    for eta in (0.83, 0.93, 0.98, 1):
        told = said(show, "untrusted", v=visibility, eta=eta)
        s, errors = float(lossy_chsh(eta, state=pair)), eta**2 * wrong + eta * (1 - eta)
        bare = float(device_independent_rate(errors, s))
        assert ("Lists reach that" in told) == (s <= 2) == (eta <= border)
        assert ("Without any trust a key bit leaves" in told) == (bare > 0)
        assert ("the plain rate is 0 as well" in told) == (float(bb84.asymptotic_rate(wrong)) == 0)
        # Where silence is dropped, a list catches up on the same border.
        assert ("proves nothing" in said(show, "untrusted", v=visibility, eta=eta, silence="drop")) == (
            eta <= border
        )
        # Where it begins is told also where it has not begun; the last pairs that make none are told of a larger border.
        told_border = re.search(r"S passes 2 where ([\d.]+) % click", told)
        assert bool(told_border) == (s <= 2 and border < 1)
        if told_border:
            assert float(told_border[1]) == pytest.approx(100 * border, abs=0.005)


def test_no_key_begins_where_none_is(show: Callable[..., Page]):
    """0.857 makes none with perfect detectors, though the border is 0.857 to three digits; the next pairs make one."""
    assert "takes a visibility above 0.857" in said(show, "untrusted", v=0.857, eta=1)
    assert "Without any trust a key bit leaves" in said(show, "untrusted", v=0.858, eta=1)
    assert "do not pass 2" in said(show, "untrusted", v=0.7, eta=1)
    dropped = said(show, "untrusted", v=0.7, eta=0.9, silence="drop")
    assert "catches up" not in dropped
    assert "do not pass 2" in dropped
    # The question of the chapter: visibility 0.9.
    border = critical_efficiency(state=werner((1 + 3 * 0.9) / 4))
    assert f"catches up where {100 * border:.2f} % click" in said(show, "untrusted", v=0.9, silence="drop")


def test_a_known_error_costs_nothing(show: Callable[..., Page]):
    """The question of the chapter: no message arrives as it was sent, and two bits do."""
    told = said(show, "dense", noise="phase", p=1)
    assert "in 0.0 % of the cases. A qubit carries 2.000 bits" in told
    for noise in ("white", "white_line", "phase", "phase_line", "hers", "his"):
        assert "A perfect pair" in said(show, "dense", noise=noise, p=0)
        for p in (0.5, 0.999, 1):
            assert re.search(r"A qubit carries [\d.]+( × 10⁻.)? bits", said(show, "dense", noise=noise, p=p))


def test_decay_of_the_other_half_costs_more(show: Callable[..., Page]):
    for g in (0.3, 0.7):
        hers, his = (
            float(superdense.capacity(amplitude_damping(g).apply(bell_state("phi+"), k))) for k in (0, 1)
        )
        assert f"carries {hers:.3f} bits" in said(show, "dense", noise="hers", p=g)
        told = said(show, "dense", noise="his", p=g)
        assert f"carries {his:.3f} bits" in told
        assert ("Less than a bare qubit" in told) == (his < 1)


@pytest.mark.parametrize(
    ("count", "swap", "fault", "efficiency"),
    [(2, 1, -5, 1), (8, 1, -5, 1), (2, 0.5, -5, 1), (8, 0.5, -5, 1), (16, 0.7, -3, 0.4), (32, 0.3, -4, 0.05)],
)
def test_a_chain_passes_the_bare_line_where_the_library_says(
    show: Callable[..., Page], count: int, swap: float, fault: float, efficiency: float
):
    name = "rate--repeaters"
    page = show(name, f"rate.links={count}&rate.swap={swap}&rate.fault={fault}&rate.eps={efficiency}")
    told = page.locator(".live-says").text_content().replace(",", "").replace("\xa0", " ")
    km, db = map(
        float, re.search(r"Ahead of any bare line from about (\d+) km \(([\d.]+) dB\) on", told).groups()
    )
    fidelity = 1 if fault == -5 else 1 - 10**fault

    def gain(loss: float) -> float:
        chain = repeaters.chain(
            loss_db=loss, links=count, swap=swap, fidelity=fidelity, efficiency=efficiency
        )
        return chain.key_rate / float(repeaters.repeater_bound(10 ** (-loss / 10), 0))

    assert gain(0.2 * (km + 0.5)) > 1 > gain(0.2 * (km - 0.5))
    assert gain(db + 0.05) > 1 > gain(db - 0.05)
    # Once passed the bare line stays behind: one mark is enough.
    gains = [gain(loss) for loss in np.geomspace(0.1, 400, 60)]
    assert np.all(np.diff(gains) > 0)


def test_more_links_move_the_mark_in_or_out(show: Callable[..., Page]):
    """The question of the chapter: in with perfect swaps, out when half of them fail."""

    def mark(count: int, swap: float) -> int:
        page = show("rate--repeaters", f"rate.links={count}&rate.swap={swap}")
        found = re.search(
            r"bare line from about (\d+) km", page.locator(".live-says").text_content().replace(",", "")
        )
        page.close()
        return int(found[1])

    assert mark(8, 1) < mark(2, 1)
    assert mark(8, 0.5) > mark(2, 0.5)
    page = show("rate--repeaters", "rate.links=1")
    assert "At no length ahead" in page.locator(".live-says").text_content()


def turn(page: Page, knob: str, to: float) -> str:
    """Turn a slider as a hand does, and read what is said."""
    page.get_by_role("slider", name=knob, exact=True).evaluate(
        "(node, to) => { node.focus(); node.value = to; node.dispatchEvent(new Event('input', {bubbles: true})); }",
        to,
    )
    return page.locator(".live-says").text_content().replace(",", "").replace("\xa0", " ")


def key_of(half: int, share: float, qber: float = 0.03, security: float = 1e-10) -> int:
    """The key of a session that meets its error rate exactly, from the parts of the library."""
    sample = min(half - 1, max(1, floor(half * share + 0.5)))
    sizes, kept = dict.fromkeys("ZX", sample), dict.fromkeys("ZX", half - sample)
    errors = dict.fromkeys("ZX", qber * sample)
    bound = PhaseErrorBound.of(sizes, errors, kept, failure_of_one_basis(security))  # type: ignore[arg-type]
    n = sum(kept.values())
    frames, tag = tag_bits(n, 2**14, 1e-15)
    said = floor(1.1 * n * float(binary_entropy(qber)) + 0.5) + frames * tag + 512
    return floor(bound.secret_bits() - hashing_margin(security)) - said


def test_what_a_knob_costs_is_the_difference_of_two_bills(show: Callable[..., Page]):
    """The question of the chapter: twenty more zeros of security, or one more per cent of errors."""
    share = 10**-0.94
    before = key_of(250_000, share)
    prices = {"Failure allowed, ε": before - key_of(250_000, share, security=1e-30)}
    prices["Error rate"] = before - key_of(250_000, share, qber=0.04)
    assert prices["Failure allowed, ε"] < prices["Error rate"]
    for knob, to in (("Failure allowed, ε", -30), ("Error rate", 0.04)):
        page = show("ledger")
        assert page.locator("figure rect.live-grey.live-stroke").count() == 0
        turn(page, knob, to)
        assert f"secret key ({prices[knob]:,} fewer)" in page.locator(".live-stages").text_content()
        assert page.locator("figure rect.live-grey.live-stroke").count() == 9
        page.get_by_role("button", name="Begin again").click()
        assert page.locator("figure rect.live-grey.live-stroke").count() == 0
        page.close()


def test_the_best_share_is_best_for_its_length(show: Callable[..., Page]):
    shares = 10 ** (-3 + 0.02 * np.arange(146))

    def best(sifted: float) -> int:
        return max(key_of(round(sifted / 2), share) for share in shares)

    page = show("ledger", "ledger.length=4")
    told = page.locator(".live-says").text_content().replace(",", "").replace("\xa0", " ")
    assert "Another share would leave one here" in told
    assert best(10_000) > 0
    share, least = map(int, re.findall(r"begins at about (\d+) sifted bits", told))
    assert key_of(round(share * 0.52), 10**-0.94) > 0 > key_of(round(share * 0.46), 10**-0.94)
    assert best(least * 1.04) > 0 > best(least * 0.94)
    told = turn(page, "Sifted bits", 3.5)
    assert "No share that is the same in both bases gives a key at this length" in told
    assert best(3_200) <= 0


def test_the_front_page_names_one_culprit_in_plain_words(show: Callable[..., Page]):
    page = show("ledger--front", "ledger.length=3&ledger.qber=0")
    told = page.locator(".live-says").text_content()
    assert told.count("“") == 1
    assert told.startswith("No key: “Eve: what the sample leaves open” takes more than is left.")
    for qber in (0, 0.03, 0.08, 0.12):
        told = turn(page, "Error rate", qber)
        assert "f =" not in told
        assert "endless" not in told
