"""Federations played in this process, by nodes that may tamper with what they send."""

import numpy as np
import pytest

from qlearn.communication.key_management import KeyStore
from qlearn.networks.flower_app import Federation

PLAIN = Federation("iris", n_clients=4, rounds=2, local_epochs=1)
MASKED = Federation(n_clients=4, rounds=2)


@pytest.fixture(scope="session")
def flower_grids():
    """The grids, where Flower is installed."""
    pytest.importorskip("flwr", reason="flwr is an optional extra")
    from qlearn.networks.flower_app import _grids

    return _grids


@pytest.fixture
def tampered(flower_grids):
    """A grid whose nodes' answers go through `tamper(client, kind, round, message, reply)`, which may return None.

    `around(app, message, context)` stands for the app of each node, where it is given.
    """
    from qlearn.networks.flower_app import _client_app

    def make(tamper, config, n_clients, kind=None, around=None):
        def app(message, context):
            reply = (around or (lambda app, *its: app(*its)))(_client_app.app, message, context)
            if tamper is None or not message.metadata.message_type.startswith("train"):
                return reply
            index, number = context.node_config["partition-id"], int(message.metadata.group_id)
            return tamper(index, message.metadata.message_type, number, message, reply)

        class Grid(kind or flower_grids.LoopGrid):
            def pull_messages(self, message_ids):
                return [reply for reply in super().pull_messages(message_ids) if reply is not None]

        return Grid(app, n_clients, config)

    return make


@pytest.fixture
def play(flower_grids, tampered):
    """Run a federation whose nodes may tamper: `tamper(client, round, message, reply)` returns what is sent, or None."""
    from qlearn.networks.flower_app import _server_app

    def run(tamper=None, federation=PLAIN, strategy=None, grid=None, **options):
        changed = None if tamper is None else lambda i, kind, r, m, reply: tamper(i, r, m, reply)
        made = tampered(changed, federation.config(), federation.n_clients, grid)
        options = {"timeout": 0.3, "patience": 0.3, "evaluate_every": 0, **options}
        with flower_grids.server_identity():
            return _server_app.drive(federation, made, strategy=strategy, **options)

    return run


@pytest.fixture
def store(tmp_path):
    """A key store with keys for many rounds."""
    made = KeyStore(tmp_path / "keys.db")
    made.add(np.random.default_rng(5).bytes(2**16))
    yield made
    made.close()


@pytest.fixture
def masked(flower_grids, tampered, store, tmp_path, monkeypatch):
    """Masked rounds on a store; `tamper(client, step, round, reply)` returns what is sent, or None."""
    from qlearn.networks.flower_app import _masked_server, _vault
    from qlearn.networks.secure_aggregation import StoreKeys

    class LocalKeys(StoreKeys):
        """A store in the place of the key service, with what `with` does to a client of one."""

        def __enter__(self):
            return self

        def __exit__(self, *_):
            """Nothing was opened."""

    def run(tamper=None, federation=MASKED, keys=None, around=None, **options):
        vault = tmp_path / "vault"
        if not vault.exists():
            _vault.Vault(vault).fill(federation.names, url="https://127.0.0.1:1", kme_id="KME1", pki=tmp_path)
        monkeypatch.setattr(_vault.Vault, "key_service", lambda self, name: LocalKeys(keys or store, name))
        changed = None
        if tamper is not None:
            changed = lambda i, kind, r, m, reply: tamper(i, kind.partition(".")[2], r, reply)  # noqa: E731
        config = federation.config() | {"vault": str(vault)}
        grid = tampered(changed, config, federation.n_clients, around=around)
        options = {"timeout": 0.05, "patience": 5.0, "evaluate_every": 0, **options}
        with flower_grids.server_identity():
            return _masked_server.drive_masked(federation, grid, vault=vault, **options)

    return run
