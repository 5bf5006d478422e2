"""Key shortage: never more sent than is paid for, by the definition, link by link."""

from math import inf

import pytest
from hypothesis import given, settings, strategies as st

from qlearn.networks.orchestration import send_plan


def by_hand(level, down, numbers, rate, rule, capacity, patience):
    need = down + 4 + numbers + 4
    if numbers == 0:
        return 0, 0.0
    if level >= need:
        return numbers, 0.0
    if rule == "shrink":
        return max(0, level - down - 8), 0.0
    wait = 64 * (need - level) / rate if rate else inf
    return (numbers, wait) if wait <= patience and need <= capacity else (0, 0.0)


links = st.lists(
    st.tuples(
        st.integers(0, 40), st.integers(0, 10), st.integers(0, 10), st.sampled_from([0.0, 1.0, 64.0, 1000.0])
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(links, st.sampled_from(["wait", "shrink"]), st.integers(1, 40), st.floats(0, 30))
def test_link_by_link(cases, rule, capacity, patience):
    cases = [(min(level, capacity), *rest) for level, *rest in cases]  # more is in no reserve
    level, down, numbers, rate = zip(*cases, strict=True)
    plan = send_plan(level, down, numbers, rate, on_empty=rule, capacity=capacity, patience_s=patience)
    for i, case in enumerate(cases):
        sent, wait = by_hand(*case, rule, capacity, patience)
        assert plan.numbers[i] == sent
        assert plan.waits_s[i] == pytest.approx(wait)
        paid = level[i] + plan.waits_s[i] * rate[i] / 64
        assert sent == 0 or down[i] + 4 + sent + 4 <= paid + 1e-9


def test_refuses_a_third_rule():
    with pytest.raises(ValueError, match="on_empty must be one of wait, shrink, not 'send'"):
        send_plan([1], [1], [1], [1.0], on_empty="send", capacity=9, patience_s=1.0)
