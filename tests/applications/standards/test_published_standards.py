"""Published standards: each with its year, its status and whether it was looked up."""

import pytest

from qlearn.applications.standards import PUBLISHED_STANDARDS, Standard, standards_on

LAYERS = ("interface", "network", "security", "device", "algorithm", "position")


def test_the_layers_are_a_partition():
    assert [one for layer in LAYERS for one in standards_on(layer)] == list(PUBLISHED_STANDARDS)
    assert len({one.name for one in PUBLISHED_STANDARDS}) == len(PUBLISHED_STANDARDS)


def test_what_is_published_has_a_year_and_the_rest_says_what_it_is_meant_for():
    for one in PUBLISHED_STANDARDS:
        assert isinstance(one, Standard)
        assert one.status in {"published", "draft", "not settled"}
        assert one.fixes
        assert one.leaves_open
        if one.status == "published":
            assert one.year is not None
            assert 2010 <= one.year <= 2026
        else:
            assert one.fixes.startswith("meant: ")


def test_what_was_not_settled_was_not_passed_off_as_looked_up():
    assert not any(one.checked for one in PUBLISHED_STANDARDS if one.year is None)


def test_the_layers_that_are_counted_as_of_quantum_communication_hold_nothing_else():
    """The chapter counts these layers: a document on entropy sources or on lattices does not belong there."""
    counted = [one.name for layer in LAYERS[:4] for one in standards_on(layer)]
    bodies = ("ETSI GS QKD", "ETSI GR QKD", "ITU-T", "ISO/IEC 23837", "IEEE P1913", "IRTF RFC 9340")
    assert all(name.startswith(bodies) for name in counted)


@pytest.mark.parametrize("layer", ["key", "", None])
def test_refuses(layer):
    with pytest.raises(ValueError, match="layer must be one of interface, network"):
        standards_on(layer)
