"""Client of a key management entity: an application's side of ETSI GS QKD 014."""

import base64
import ssl
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from qlearn._checks import as_count, as_real
from qlearn.communication.key_management.key_store import DeliveredKey
from qlearn.communication.key_management.tls import client_context, common_name


class KMEError(Exception):
    """A KME refused, or answered what the standard does not know.

    Parameters
    ----------
    status : int
        400, 401 or 503; another one if the answer is no KME's.
    message : str
        The message of the Error object.
    details : list of dict
        Its details.
    """

    def __init__(self, status: int, message: str, details: Sequence[Any] = ()) -> None:
        super().__init__(f"{status}: {message}")
        self.status, self.message, self.details = status, message, list(details)


class _Calls:
    """What the two clients share: how a call is written, and how an answer is read."""

    def __init__(
        self,
        url: str,
        *,
        certificate: str | Path,
        private_key: str | Path,
        authority: str | Path,
        kme_id: str | None = None,
        timeout: float = 10.0,
    ) -> None:
        if not url.startswith("https://"):
            raise ValueError(f"url must begin with https://, not {url!r}: keys travel over mutual TLS alone")
        self.url = url.rstrip("/")
        self.kme_id = kme_id
        self._timeout = as_real(timeout, "timeout", above=0)
        self._context: ssl.SSLContext = client_context(certificate, private_key, authority)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url})"

    def _path(self, sae: str, call: str) -> str:
        if not isinstance(sae, str) or not sae:
            raise ValueError(f"the SAE ID must be a text, not {sae!r}")
        return f"{self.url}/api/v1/keys/{quote(sae, safe='')}/{call}"

    @staticmethod
    def _key_request(
        number: int,
        size: int | None,
        additional: Sequence[str],
        mandatory: Sequence[dict[str, Any]],
        optional: Sequence[dict[str, Any]],
    ) -> dict[str, Any]:
        asked: dict[str, Any] = {"number": as_count(number, "number")}
        if size is not None:
            asked["size"] = as_count(size, "size")
        lists = {
            "additional_slave_SAE_IDs": additional,
            "extension_mandatory": mandatory,
            "extension_optional": optional,
        }
        return asked | {name: list(value) for name, value in lists.items() if value}

    def _meet(self, answer: httpx.Response) -> None:
        """Look whose answer has begun: once it is read its connection may be closed, and the certificate gone."""
        if self.kme_id is not None:
            secured = answer.extensions["network_stream"].get_extra_info("ssl_object")
            name = common_name(secured.getpeercert())
            if name != self.kme_id:
                raise KMEError(
                    answer.status_code, f"the server's certificate names {name!r}, not {self.kme_id!r}"
                )

    @staticmethod
    def _content(answer: httpx.Response) -> Any:
        """Return what an answer says, or raise what it refuses."""
        try:
            content = answer.json()
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise KMEError(answer.status_code, "the answer is no JSON object")
        if answer.status_code != 200:
            details = content.get("details")
            raise KMEError(
                answer.status_code,
                str(content.get("message", "no message")),
                details if isinstance(details, list) else (),
            )
        return content

    def _keys(self, answer: httpx.Response) -> list[DeliveredKey]:
        content = self._content(answer)
        try:
            return [
                DeliveredKey(item["key_ID"], base64.b64decode(item["key"], validate=True))
                for item in content["keys"]
            ]
        except (KeyError, TypeError, ValueError):
            # From None: the fault's own text could quote a key.
            raise KMEError(answer.status_code, "the answer is no key container") from None


class KMEClient(_Calls):
    """An application that fetches keys from its KME.

    A call is made once and never repeated by itself: a key whose answer was lost is gone.

    Parameters
    ----------
    url : str
        For example ``"https://127.0.0.1:8443"``.
    certificate, private_key, authority : str or Path
        The application's own, and the authority that signed the server's.
    kme_id : str, optional
        The common name that the server's certificate must have. None: any that the authority signed for this host.
    timeout : float
        Seconds for each step of a call.

    Examples
    --------
    >>> KMEClient("http://localhost:8443", certificate="a.crt", private_key="a.key", authority="ca.crt")
    Traceback (most recent call last):
    ...
    ValueError: url must begin with https://, not 'http://localhost:8443': keys travel over mutual TLS alone

    References
    ----------
    ETSI GS QKD 014 V1.1.1 (2019), section 5.
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)
        self._http = httpx.Client(
            verify=self._context,
            timeout=self._timeout,
            trust_env=False,
            event_hooks={"response": [self._meet]},
        )

    def status(self, slave: str) -> dict[str, Any]:
        """Return what the KME says of the keys for this slave."""
        content: dict[str, Any] = self._content(self._http.get(self._path(slave, "status")))
        return content

    def enc_keys(
        self,
        slave: str,
        *,
        number: int = 1,
        size: int | None = None,
        additional: Sequence[str] = (),
        extension_mandatory: Sequence[dict[str, Any]] = (),
        extension_optional: Sequence[dict[str, Any]] = (),
    ) -> list[DeliveredKey]:
        """Return fresh keys, `number` of `size` bits, which the slave (and the additional ones) can fetch by their IDs."""
        asked = self._key_request(number, size, additional, extension_mandatory, extension_optional)
        return self._keys(self._http.post(self._path(slave, "enc_keys"), json=asked))

    def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Return the keys that `master` was given under these IDs, each once."""
        asked = {"key_IDs": [{"key_ID": key_id} for key_id in key_ids]}
        return self._keys(self._http.post(self._path(master, "dec_keys"), json=asked))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncKMEClient(_Calls):
    """The same as :class:`KMEClient`, with calls that are awaited.

    Parameters
    ----------
    url, certificate, private_key, authority, kme_id, timeout
        As there.

    Examples
    --------
    >>> AsyncKMEClient("http://localhost", certificate="a.crt", private_key="a.key", authority="ca.crt")
    Traceback (most recent call last):
    ...
    ValueError: url must begin with https://, not 'http://localhost': keys travel over mutual TLS alone
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(url, **options)

        async def meet(answer: httpx.Response) -> None:
            self._meet(answer)

        self._http = httpx.AsyncClient(
            verify=self._context, timeout=self._timeout, trust_env=False, event_hooks={"response": [meet]}
        )

    async def status(self, slave: str) -> dict[str, Any]:
        """As :meth:`KMEClient.status`."""
        content: dict[str, Any] = self._content(await self._http.get(self._path(slave, "status")))
        return content

    async def enc_keys(
        self,
        slave: str,
        *,
        number: int = 1,
        size: int | None = None,
        additional: Sequence[str] = (),
        extension_mandatory: Sequence[dict[str, Any]] = (),
        extension_optional: Sequence[dict[str, Any]] = (),
    ) -> list[DeliveredKey]:
        """As :meth:`KMEClient.enc_keys`."""
        asked = self._key_request(number, size, additional, extension_mandatory, extension_optional)
        return self._keys(await self._http.post(self._path(slave, "enc_keys"), json=asked))

    async def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """As :meth:`KMEClient.dec_keys`."""
        asked = {"key_IDs": [{"key_ID": key_id} for key_id in key_ids]}
        return self._keys(await self._http.post(self._path(master, "dec_keys"), json=asked))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
