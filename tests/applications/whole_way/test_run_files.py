"""Files of a run: a folder that was free, and in it what the run was."""

import json
import os

import numpy as np
import pytest

from qlearn.applications.whole_way import (
    Demo,
    DemoRun,
    ResourceEntry,
    ResourceLedger,
    claim_folder,
    write_run,
)
from qlearn.applications.whole_way.run_files import release_folder
from qlearn.networks.flower_app import Federation

LEDGER = ResourceLedger((ResourceEntry("pulses", None, 1000, 0.1, 0.1, simulated=True),), 10.0)


def test_the_first_free_name_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert [str(claim_folder()) for _ in range(3)] == ["qlearn-demo", "qlearn-demo-2", "qlearn-demo-3"]
    with pytest.raises(ValueError, match="holds unfinished: name another"):  # by a run that goes on
        claim_folder(tmp_path / "qlearn-demo")
    (tmp_path / "empty").mkdir()
    assert claim_folder(tmp_path / "empty") == tmp_path / "empty"
    assert claim_folder(tmp_path / "new" / "one").is_dir()


def test_refuses_a_folder_that_is_used_and_a_file(tmp_path):
    (tmp_path / "model.npz").touch()
    with pytest.raises(
        ValueError, match=r"folder must be a new or an empty one, but .* holds model.npz: name another"
    ):
        claim_folder(tmp_path)
    with pytest.raises(ValueError, match=r"folder must be a folder, but .* is a file: name another"):
        claim_folder(tmp_path / "model.npz")
    with pytest.raises(ValueError, match="folder must be one that can be made and written to"):
        claim_folder(tmp_path / "model.npz" / "within")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0,
    reason="permissions of this kind are POSIX's, and who is root writes everywhere",
)
def test_refuses_a_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(ValueError, match="written to"):
        claim_folder(tmp_path / "locked")


def test_what_is_written_is_what_the_run_was(tmp_path):
    history = Federation(n_clients=3, rounds=1).run()
    files = write_run(DemoRun(Demo(), LEDGER, history=history), tmp_path)
    assert [file.name for file in files] == ["ledger.json", "ledger.csv", "way.png", "model.npz"]
    said = json.loads(files[0].read_text())
    assert said["stages"] == LEDGER.rows()
    assert said["trained"]
    assert said["accuracy"] == history.central_accuracy.tolist()
    assert files[1].read_text() == LEDGER.to_csv()
    assert files[2].read_bytes().startswith(b"\x89PNG")
    with np.load(files[3]) as model:
        for name, parameter in zip(model.files, history.parameters, strict=True):
            np.testing.assert_array_equal(model[name], parameter)


def test_a_run_that_was_broken_off_leaves_its_ledger_alone(tmp_path):
    files = write_run(DemoRun(Demo(), LEDGER, signal=2), tmp_path)
    assert [file.name for file in files] == ["ledger.json", "ledger.csv"]
    assert not json.loads(files[0].read_text())["trained"]


def test_a_run_that_keeps_nothing_takes_away_its_own_folder_alone(tmp_path):
    (tmp_path / "yours").mkdir()
    for name, made in (("yours", False), ("ours", True)):
        release_folder(claim_folder(tmp_path / name), made=made)
    assert [path.name for path in tmp_path.iterdir()] == ["yours"]
    assert list((tmp_path / "yours").iterdir()) == []
    full = claim_folder(tmp_path / "full")
    write_run(DemoRun(Demo(), LEDGER, signal=2), full)
    release_folder(full, made=True)
    assert sorted(path.name for path in full.iterdir()) == ["ledger.csv", "ledger.json"]


def test_a_round_that_made_no_sum_leaves_no_model(tmp_path):
    history = Federation(n_clients=3, rounds=1).run()
    files = write_run(DemoRun(Demo(), LEDGER, history=history, reason="round 2 made no sum"), tmp_path)
    assert [file.name for file in files] == ["ledger.json", "ledger.csv", "way.png"]
    assert json.loads(files[0].read_text())["accuracy"] == []
