"""Demo PKI: an authority, and a certificate for each KME and application, to try the key service with."""

import datetime
import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING

from qlearn._checks import as_real

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


class DemoPKI:
    """An authority in a folder, which signs certificates for servers and clients of a demonstration.

    Elliptic keys on P-256. A folder that it makes is its owner's alone, one that others may write is refused, and each
    private key is written with the permissions 0600. Who can read `ca.key` can name himself anything: a real service keeps
    its authority on another machine. Signatures on P-256 fall to a large quantum computer; who needs keys against one needs
    a post-quantum TLS here as well.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there. The authority in it is used, or made.
    days : float
        How long what it signs is valid. Negative: expired, to try a refusal.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     certificate, private_key = DemoPKI(folder).client("Alice")
    ...     certificate.name, oct(private_key.stat().st_mode & 0o777)
    ('Alice.crt', '0o600')

    References
    ----------
    RFC 5280 (2008), "Internet X.509 Public Key Infrastructure Certificate and CRL Profile", section 4.2.
    """

    def __init__(self, folder: str | Path, *, days: float = 30.0) -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        self.days = as_real(days, "days")
        self.folder = Path(folder)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and (mode := self.folder.stat().st_mode & 0o777) & 0o022:
            raise ValueError(
                f"folder must be one that its owner alone can write, but {folder} has the permissions {mode:04o}: "
                "others could put an authority of theirs into it"
            )
        self.authority = self.folder / "ca.crt"
        secret = self.folder / "ca.key"
        for part in (self.folder, self.authority, secret):
            if (
                os.name == "posix"
                and part.exists()
                and (owner := part.stat().st_uid) not in (0, os.geteuid())
            ):
                raise ValueError(
                    f"folder must be yours with the authority in it, but {part} belongs to user {owner}, "
                    "who could sign for anybody"
                )
        if not secret.exists():
            name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "qlearn demo authority")])
            self._issue("ca", name, None)
        self._certificate = x509.load_pem_x509_certificate(self.authority.read_bytes())
        self._key: EllipticCurvePrivateKey = load_pem_private_key(secret.read_bytes(), None)  # type: ignore[assignment]

    def server(self, name: str, *hosts: str) -> tuple[Path, Path]:
        """Sign a certificate of a KME for these hosts, by default this machine's own; return it and its private key."""
        return self._sign(name, hosts or ("localhost", "127.0.0.1", "::1"))

    def client(self, name: str) -> tuple[Path, Path]:
        """Sign a certificate of an application, whose ID is its common name; return it and its private key."""
        return self._sign(name, ())

    def _sign(self, name: str, hosts: tuple[str, ...]) -> tuple[Path, Path]:
        from urllib.parse import quote

        from cryptography import x509

        if not isinstance(name, str) or not 0 < len(name) <= 64:
            raise ValueError(f"name must be a text of 1 to 64 letters, as a common name is, not {name!r}")
        stem = quote(name, safe="")  # no name leads out of the folder
        if stem in {"ca", ".", ".."}:
            raise ValueError(f"name must not be {name!r}: its files would be the authority's")
        return self._issue(stem, x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]), hosts)

    def _issue(self, stem: str, subject: "x509.Name", hosts: tuple[str, ...] | None) -> tuple[Path, Path]:
        """Make a key, and sign its certificate: the authority's own where `hosts` is None, a client's where it is empty."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        itself = hosts is None
        issuer, signer = (subject, key) if itself else (self._certificate.subject, self._key)
        now = datetime.datetime.now(datetime.UTC)
        ends = now + datetime.timedelta(days=abs(self.days) if itself else self.days)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, ends) - datetime.timedelta(hours=1))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=itself, path_length=0 if itself else None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .add_extension(
                x509.KeyUsage(not itself, False, False, False, False, itself, itself, False, False),
                critical=True,
            )
        )
        if not itself:
            use = x509.ExtendedKeyUsageOID.SERVER_AUTH if hosts else x509.ExtendedKeyUsageOID.CLIENT_AUTH
            builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False
            )
        signed = builder.sign(signer, hashes.SHA256())
        pem = serialization.Encoding.PEM
        private = self.folder / f"{stem}.key"
        private.unlink(missing_ok=True)  # the permissions are those of a new file
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(
                key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            )
        public = self.folder / f"{stem}.crt"
        public.write_bytes(signed.public_bytes(pem))
        return public, private


def _host(host: str) -> "x509.GeneralName":
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
