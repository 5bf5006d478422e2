"""Published data: each file is a record with a source, read when it is asked for, and nobody writes into it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qlearn.communication._published import Published, as_record
from qlearn.communication.continuous_variables import EXPERIMENTS
from qlearn.communication.fibre import STATIONS, SYSTEMS
from qlearn.communication.photons import LINKS, Link
from qlearn.communication.satellite import DOWNLINKS

TABLES = [LINKS, STATIONS, SYSTEMS, DOWNLINKS, EXPERIMENTS]


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Published]]:
    """A package of one's own, with a folder of records in it."""

    def made(**records: dict) -> Published:
        folder = tmp_path / "laboratory" / "data" / "lasers"
        folder.mkdir(parents=True)
        (tmp_path / "laboratory" / "__init__.py").touch()
        (folder / "notes.txt").write_text("no record")
        for name, fields in records.items():
            (folder / f"{name}.json").write_text(json.dumps(fields))
        monkeypatch.syspath_prepend(tmp_path)
        return Published("LASERS", dict, "laboratory", "data/lasers")

    yield made
    sys.modules.pop("laboratory", None)


def test_a_file_is_a_record_of_its_name_and_is_read_when_it_is_asked_for(table: Callable):
    lasers = table(red={"source": "a paper", "nm": 633}, blue={"no": "source"})
    assert list(lasers) == ["blue", "red"]
    assert len(lasers) == 2
    assert "green" not in lasers
    assert lasers["red"] == {"name": "red", "source": "a paper", "nm": 633}
    assert lasers["red"] is lasers["red"]


def test_a_record_without_a_source_is_refused(table: Callable):
    with pytest.raises(ValueError, match=r"blue\.json must say in `source` where its numbers come from"):
        table(blue={"nm": 450})["blue"]


def test_what_was_measured_cannot_be_changed(table: Callable):
    lasers = table(red={"source": "a paper", "provenance": {"nm": "printed"}, "published": {"key_hz": 3}})
    for part in ("provenance", "published"):
        with pytest.raises(TypeError):
            lasers["red"][part]["nm"] = "guessed"
    with pytest.raises(TypeError):
        lasers["red"] = {}


def test_errors_and_repr_name_the_records(table: Callable):
    lasers = table(red={"source": "a paper"}, blue={"source": "a paper"})
    assert repr(lasers) == "LASERS: blue, red"
    with pytest.raises(KeyError, match="LASERS has no 'green'; it has blue, red"):
        lasers["green"]
    with pytest.raises(TypeError, match=r'link must be a Link, such as LINKS\["gys"\], .*, not 3'):
        as_record(3, "link", Link, LINKS)
    assert as_record(LINKS["gys"], "link", Link, LINKS) is LINKS["gys"]


@pytest.mark.parametrize("known", TABLES, ids=repr)
def test_every_record_of_the_library_has_its_name_and_its_source(known: Published):
    assert known
    for name, record in known.items():
        assert record.name == name
        assert record.source


# The numbers a second time, so that none changes unseen; where each is printed, its record says: Gobby, Yuan and Shields
# as read by Ma et al., arXiv:quant-ph/0503005; Lim et al., arXiv:1311.7129, with two detectors of 6e-7 each; Lo, Curty
# and Qi, arXiv:1109.1473, whose printed 6.02e-6 is of two detectors, too; Lodewyck et al., arXiv:0706.4255.
PRINTED = [
    (
        LINKS["gys"],
        {"loss_db_per_km": 0.21, "receiver_efficiency": 0.045, "background": 1.7e-6, "misalignment": 0.033},
    ),
    (
        LINKS["lim2014"],
        {"receiver_efficiency": 0.1, "background": 2 * 6e-7, "misalignment": 0.005, "afterpulse": 0.04},
    ),
    (
        STATIONS["lo2012"],
        {"efficiency": 0.145, "dark": 6.02e-6 / 2, "misalignment": 0.015, "error_correction": 1.16},
    ),
    (
        EXPERIMENTS["lodewyck2007"],
        {
            "transmittance": 0.302,
            "modulation_variance": 18.5,
            "excess_noise": 0.005,
            "efficiency": 0.606,
            "electronic_noise": 0.041,
            "beta": 0.898,
        },
    ),
]


@pytest.mark.parametrize(("record", "numbers"), PRINTED, ids=lambda x: getattr(x, "name", ""))
def test_no_number_of_a_record_has_changed(record: object, numbers: dict):
    assert {name: getattr(record, name) for name in numbers} == pytest.approx(numbers, rel=1e-12)
