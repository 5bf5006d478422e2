"""The deployment engine: a SuperLink and SuperNodes as processes that speak over TLS, each node known by its key."""

import json
import os
import shlex
import tempfile
import time
from pathlib import Path
from typing import Any

from qlearn.communication.key_management.demo_pki import DemoPKI
from qlearn.networks.federated.history import History
from qlearn.networks.flower_app._processes import write_connections
from qlearn.networks.flower_app._runs import Engine
from qlearn.networks.flower_app.federation import Federation

_SECONDS_BETWEEN_TRIES = 5.0


def node_key(path: str | Path) -> Path:
    """Make the key of a node, elliptic on P-384 in OpenSSH's format as Flower wants it, and return its public half.

    Parameters
    ----------
    path : str or Path
        Where the private key is written, for its owner alone; the public one stands beside it with the ending .pub. A private
        key without a public half, left by a process that fell in between, is kept and gets one.

    Returns
    -------
    Path
        The public key: what the owner of the SuperLink registers.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     node_key(Path(folder, "node")).read_text().split()[0]
    'ecdsa-sha2-nistp384'
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private, public = Path(path), Path(f"{path}.pub")
    if private.exists() and public.exists():
        raise FileExistsError(
            f"path must not be there yet: {os.fspath(private)!r} is a key, with its public half"
        )
    if not private.exists():
        key = ec.generate_private_key(ec.SECP384R1())
        openssh = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
        )
        handle, written = tempfile.mkstemp(dir=private.parent)  # for its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(openssh)
            os.link(written, private)  # whole, or not there; and never over another key
        finally:
            os.unlink(written)
    half = serialization.load_ssh_private_key(private.read_bytes(), None).public_key()
    handle, whole = tempfile.mkstemp(dir=public.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(
            half.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH) + b"\n"
        )
    os.replace(whole, public)
    return public


class Deployment(Engine):
    """One SuperLink and a SuperNode for each client on this machine, with TLS and authenticated nodes.

    Takes the parameters of :func:`deploy`, and is a context that ends all its processes.

    Examples
    --------
    What it would run, in its folder; on several machines the addresses are others:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     commands = Deployment(Federation(), folder).commands()
    ...     key_of_a_node = node_key(folder + "/node0")
    >>> [commands[machine][0].split()[0] for machine in ("superlink", "client 0", "client 1")]
    ['flower-superlink', 'flower-supernode', 'flower-supernode']
    >>> commands["register"][0], key_of_a_node.name
    ('flwr supernode register node0.pub qlearn', 'node0.pub')
    """

    def commands(self) -> dict[str, list[str]]:
        """Return the commands that it runs, by the machine that they are for, as one writes them in its folder."""
        nodes = range(self.federation.n_clients)
        return {
            "superlink": [shlex.join(self._superlink())],
            "register": [shlex.join(["flwr", *self._register(Path(f"node{i}.pub"))]) for i in nodes],
            **{name: [shlex.join(self._node(i))] for i, name in enumerate(self.federation.names)},
            "run": [shlex.join(["flwr", "run", "app", self.link])],
        }

    def _superlink(self) -> list[str]:
        return [
            "flower-superlink",
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--ssl-ca-certfile", "pki/ca.crt"),
            *("--ssl-certfile", "pki/superlink.crt", "--ssl-keyfile", "pki/superlink.key"),
            *(
                "--enable-supernode-auth",
                "--database",
                "state.db",
                "--disable-runtime-dependency-installation",
            ),
        ]

    def _register(self, public_key: Path) -> list[str]:
        return ["supernode", "register", str(public_key), self.link]

    @property
    def _of_vault(self) -> str:
        """Tell a node its vault at its start: with one of its own it answers to no message without masks."""
        return f' vault="{self.config["vault"]}"' if "vault" in self.config else ""

    def _node(self, i: int, key: Path | None = None) -> list[str]:
        if i not in self._node_ports:
            self._node_ports[i] = self.programs.free_port()
        return [
            "flower-supernode",
            *("--superlink", f"127.0.0.1:{self.port}", "--root-certificates", "pki/ca.crt"),
            *("--auth-supernode-private-key", str(key or f"node{i}")),
            *("--host", "127.0.0.1", "--port", str(self._node_ports[i])),
            *(
                "--node-config",
                f"partition-id={i} num-partitions={self.federation.n_clients}{self._of_vault}",
            ),
        ]

    def start(self) -> None:
        """Make certificates and keys, start the SuperLink, register the nodes and start them.

        What is in the folder from before is used again: keys that are registered, and the runs that were begun are stopped.
        """
        again = self.database.exists()
        roll = self.folder / "registered.json"
        registered: list[int] = json.loads(roll.read_text(encoding="utf8")) if again and roll.exists() else []
        authority = DemoPKI(self.folder / "pki")
        authority.server("superlink")
        write_connections(self.programs.home, self.link, f"127.0.0.1:{self.port}", authority.authority)
        self.start_server()
        self.tell("superlink")
        if again:
            self.stop_interrupted()
        for i in range(self.federation.n_clients):
            if i >= len(registered):
                made = self.folder / f"node{i}.pub"  # by a start that fell before the key was registered
                registered.append(self.register(made if made.exists() else node_key(made.with_suffix(""))))
                written = roll.with_name("registered.part")
                written.write_text(json.dumps(registered), encoding="utf8")
                os.replace(written, roll)
            self.start_node(i)
            self.tell(self.federation.names[i])
        self.config["registered"] = " ".join(map(str, registered[: self.federation.n_clients]))

    def start_server(self) -> None:
        """Start the SuperLink, or start it again on what it had written down."""
        self.programs.start("superlink", *self._superlink(), port=self.port)

    def register(self, public_key: Path) -> int:
        """Let the SuperLink know the key of a node, and return the ID that it gives it."""
        return int(self.programs.call("flwr", *self._register(public_key))["node-id"])

    def start_node(self, i: int, *, key: Path | None = None) -> None:
        """Start the node of client `i`."""
        self.programs.start(f"node{i}", *self._node(i, key))

    def look_after(self) -> None:
        """Start nodes again that were not let in: the SuperLink takes one that lost its power for connected for a minute."""
        for i in range(self.federation.n_clients):
            process = self.programs.running.get(f"node{i}")
            if process is not None and process.poll() is not None and time.monotonic() > self._next_try:
                self._next_try = time.monotonic() + _SECONDS_BETWEEN_TRIES
                self.programs.kill(f"node{i}")  # what it left of its group
                self.start_node(i)

    def kill_node(self, i: int) -> None:
        """End a node as if its machine had lost its power."""
        self.programs.kill(f"node{i}")

    def kill_server(self) -> None:
        """End the SuperLink and the server app in the same way."""
        self.programs.kill("superlink")

    def go_on(self, **config: Any) -> int:
        """Start the SuperLink again, stop the run that was interrupted, and submit one that goes on from the checkpoint."""
        before = self.run_id
        self.start_server()
        self.stop(before)
        return self.submit(**config)


def deploy(federation: Federation, folder: str | Path | None = None, **options: Any) -> History:
    """Train a federation on a SuperLink and SuperNodes of this machine, over TLS, each node known by its key.

    TLS and keys say which node speaks. What runs at a node is the app that the SuperLink sends, of which ours holds no code, and
    whoever reaches the SuperLink's port can submit another one, stop runs and register keys: its control interface is on the
    same port and has no login here. The server app takes for clients only the nodes whose keys were registered at the start;
    against another app stands Flower's ``--trusted-entities`` at each node, or a network that lets in nobody else.

    Parameters
    ----------
    federation : Federation
        Who trains what; each client is a SuperNode, a process of its own.
    folder : str or Path, optional
        Where certificates, keys, logs and the checkpoint are kept; None: a temporary one.
    **options
        `timeout`, `patience` (seconds), `evaluate_every`, `min_clients`.

    Returns
    -------
    History
        The same model as :meth:`Federation.run`, to rounding.

    Examples
    --------
    What it submits when all is up:

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Deployment(Federation(), folder).commands()["run"]
    ['flwr run app qlearn']
    >>> deploy(Federation(), min_answers=0)
    Traceback (most recent call last):
    ...
    ValueError: min_answers must be at least 1, not 0

    References
    ----------
    Beutel et al., "Flower: a friendly federated learning research framework", 2020, arXiv:2007.14390.
    """
    with Deployment(federation, folder, **options) as engine:
        engine.submit()
        return engine.wait()
