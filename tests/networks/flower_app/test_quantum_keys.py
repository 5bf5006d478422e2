"""From the link to the model: an account of every bit of key, and no update where Eve listens."""

import numpy as np
import pytest

pytest.importorskip("flwr", reason="flwr is an optional extra")


from qlearn.networks.flower_app import (
    Federation,
    KeyAccount,
    secure,
)

FEDERATION = Federation(n_clients=4, rounds=2)
NUMBERS = 5  # four weights and an offset


def close(history, plain) -> bool:
    return all(
        np.allclose(a, b, rtol=0, atol=1e-10)
        for a, b in zip(history.parameters, plain.parameters, strict=True)
    )


def test_the_service_delivers_the_key_of_the_link_and_the_account_is_closed(tmp_path):
    done = secure(FEDERATION, tmp_path / "all", engine="loop", pulses=200_000, rng=1)
    assert close(done.history, FEDERATION.run())
    account = done.keys
    assert account.made == done.link.length > account.stored > account.taken > 0
    assert account.stored == account.taken + account.left
    # 6 pairs, 2 rounds: 6 words of 64 bits thrice, and two tags of 256 bits
    assert account.pads == 6 * 2 * 3 * 6 * 64
    assert account.tags == 6 * 2 * 512
    assert account.delivered == account.pads + account.tags
    assert account.unused == 0
    # 1664 bits are made of 7 keys of 256: 128 bits a pair and round are no key of anybody
    assert account.taken - account.delivered == 6 * 2 * 128


def test_with_eve_on_the_line_nothing_is_sent(tmp_path):
    done = secure(FEDERATION, tmp_path / "all", engine="loop", pulses=100_000, eavesdropped=1.0, rng=1)
    assert done.link.key is None
    assert done.link.step == "estimate"
    assert done.keys == KeyAccount()
    assert list(done.history.failed) == [1, 2]
    for reason in done.history.failed.values():
        assert "got no keys with" in reason
        assert reason.endswith("No update was sent")
    assert done.history.bits.tolist() == [4 * 64 * NUMBERS] * 2  # models went down, and nothing came up
    for a, b in zip(done.history.parameters, FEDERATION.client(0).initial(FEDERATION.seed), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"engine": "cloud"}, "engine must be one of loop, simulate, deploy"),
        ({"pulses": 0}, "pulses must be at least 1"),
        ({"noise": 2.0}, "noise must be a probability"),
        ({"eavesdropped": -0.1}, "eavesdropped must be a probability"),
        ({"federation": Federation(n_clients=2)}, "each knows the other's update from the sum"),
        ({"federation": Federation(n_clients=3, strategy="FedMedian()")}, "FedAvg where updates are masked"),
        (
            {"federation": Federation(n_clients=3, strategy="flwr.FedAvg()")},
            "FedAvg where updates are masked",
        ),
    ],
)
def test_refuses(options, says):
    with pytest.raises(ValueError, match=says):
        secure(**{"federation": FEDERATION, **options})


def test_refuses_a_folder_that_holds_keys(tmp_path):
    (tmp_path / "pki").mkdir()
    with pytest.raises(
        ValueError, match=r"folder must be a new one, but .* holds keys and certificates already"
    ):
        secure(FEDERATION, tmp_path, engine="loop")
