"""What the clients of masked rounds hold before the first: signing keys, a roster, and the way to their key service."""

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qlearn.communication.key_management.client import KMEClient
from qlearn.networks.secure_aggregation.fixed_point import FixedPoint
from qlearn.networks.secure_aggregation.survivors import RefusedMessage, Signer, Terms

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from qlearn.networks.flower_app.federation import Federation

# A federation takes scikit-learn, half of the work of a process that answers one message: it is imported where it is needed.

FRACTION_BITS = 40
"""Of the updates: a step of 1e-12, and room for sums of 10 clients below 8e5."""

_NONCE_BYTES = 12


@dataclass(frozen=True)
class Circle:
    """Who takes part, and how long a message is: what a node must know of a run where it trains nothing."""

    names: tuple[str, ...]
    size: int

    @property
    def terms(self) -> Terms:
        """What all parties agree on."""
        return Terms(self.names, self.size, FixedPoint(FRACTION_BITS))


def refuse_unmaskable(federation: "Federation") -> None:
    """Refuse a federation whose server would have to see updates, or whose sum gives one away."""
    from qlearn.networks.federated.aggregation import FedAvg
    from qlearn.networks.flower_app.federation import FLOWER

    if federation.n_clients < 3:
        raise ValueError(
            f"n_clients must be at least 3, not {federation.n_clients}: of two clients each knows the other's update from "
            "the sum"
        )
    if federation.strategy.startswith(FLOWER) or type(federation.server()) is not FedAvg:
        raise ValueError(
            f"strategy must be FedAvg where updates are masked, not {federation.strategy!r}: the server has their sum, "
            "and a median, a distance or a norm of each takes the updates themselves"
        )


def _bound(name: str, of: str) -> bytes:
    return json.dumps([name, of]).encode()


class Vault:
    """A folder that belongs to its owner alone, for the clients of one machine.

    What each client of several machines would hold is a part of it, which nothing here takes apart: a copy of the whole would
    give every node the seeds of all.

    Parameters
    ----------
    folder : Path
        Holds `service.json`, `roster.json`, `circle.json` where the federation is known from the beginning, for each client
        that lives here its seed, and in `spent` a mark for each step that it did, four files a round: a copy of the folder
        from before would let it do them again. Its certificate stands in the folder of the key service, which
        `service.json` names.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(
        self,
        names: Sequence[str],
        *,
        url: str,
        kme_id: str,
        pki: Path,
        federation: "Federation | None" = None,
    ) -> None:
        """Make the keys of these clients, and write down where their key service is, and which federation they agreed on."""
        if federation is not None:
            refuse_unmaskable(federation)
            if list(names) != federation.names:
                raise ValueError(
                    f"names must be those of the federation, {', '.join(federation.names)}, not {', '.join(names)}"
                )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        roster = {}
        for name in names:
            seed = os.urandom(32)
            with os.fdopen(
                os.open(self._seed(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(seed)
            roster[name] = base64.b64encode(Signer(seed).public_key).decode()
        self._write("roster", roster)
        self._write("service", {"url": url, "kme_id": kme_id, "pki": str(pki)})
        if federation is not None:
            described = {name: value for name, value in federation.config().items() if name != "rounds"}
            self._write(
                "circle", {"federation": described, "names": list(names), "size": self.terms(federation).size}
            )

    def circle(self, config: Mapping[str, Any]) -> Circle | None:
        """Return what was agreed on before the first round, if the run says that it is of that federation, and else None.

        What a run says of itself is the server's word: of one that differs in anything, all is to be looked at.
        """
        try:
            agreed = self._load("circle")
        except FileNotFoundError:
            return None
        if any(config.get(name) != value for name, value in agreed["federation"].items()):
            return None
        return Circle(tuple(agreed["names"]), agreed["size"])

    def roster(self) -> dict[str, bytes]:
        """Return the public key of each client: all that the server reads here."""
        return {name: base64.b64decode(key) for name, key in self._load("roster").items()}

    def signer(self, name: str) -> Signer:
        """Return the signing key of a client."""
        return Signer(self._seed(name).read_bytes())

    def key_service(self, name: str) -> KMEClient:
        """Return a client of the key service, by the certificate of this one."""
        service = self._load("service")
        pki, stem = Path(service["pki"]), quote(name, safe="")
        return KMEClient(
            service["url"],
            certificate=pki / f"{stem}.crt",
            private_key=pki / f"{stem}.key",
            authority=pki / "ca.crt",
            kme_id=service["kme_id"],
        )

    def sealed(self, name: str, memory: bytes, of: str = "") -> bytes:
        """Return what a client remembers of a round as it may lie outside of the vault, AES-GCM by a key of its seed.

        The round's name `of` is bound to it: with another one the marks of :meth:`once` would be those of another round.

        Flower gives it back to a process that it starts, over plain HTTP on the node, to whoever shows a token that stands on
        that process's command line: all users of the machine can read it there, and keys that are not spent are in a memory.
        """
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._memory_key(name).encrypt(nonce, memory, _bound(name, of))

    def opened(self, name: str, sealed: bytes, of: str = "") -> bytes:
        """Return what :meth:`sealed` hid; refuse what is another client's or another round's, or was altered."""
        from cryptography.exceptions import InvalidTag

        try:
            key = self._memory_key(name)
            return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(name, of))
        except InvalidTag:
            raise RefusedMessage(
                f"{name} refuses: what it was given to remember is not what it sealed"
            ) from None

    def _memory_key(self, name: str) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(sha256(b"qlearn memory of masked rounds" + self._seed(name).read_bytes()).digest())

    def once(self, name: str, step: str, of: str) -> None:
        """Mark for good that a client does a step of a round, before its answer leaves; refuse what is marked already.

        What a node remembers between two messages can be taken up twice: by two messages at once, by a process that fell
        before it could write. Two updates would go out under one pad, and their difference would lie open. The mark is
        made by the file system, for one alone, and is on the disk before this returns.
        """
        spent = self.folder / "spent"
        spent.mkdir(mode=0o700, exist_ok=True)
        mark = spent / f"{quote(name, safe='')}.{of}.{step}"
        try:
            file = os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise RefusedMessage(
                f"{name} refuses: it did {step} in this round already, and another answer would spend its keys twice"
            ) from None
        try:
            os.fsync(file)
        finally:
            os.close(file)
        if os.name == "posix":  # the name of a file is in its folder
            for folder in (spent, self.folder):
                entry = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(entry)
                finally:
                    os.close(entry)

    @staticmethod
    def terms(federation: "Federation") -> Terms:
        """Return what all parties agree on: one word for each number of the model, and one for the weight."""
        size = sum(parameter.size for parameter in federation.client(0).initial(0)) + 1
        return Circle(tuple(federation.names), size).terms

    def _seed(self, name: str) -> Path:
        return self.folder / f"{quote(name, safe='')}.seed"

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self.folder / f"{name}.json").write_text(json.dumps(content), encoding="utf8")

    def _load(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / f"{name}.json").read_text(encoding="utf8"))
