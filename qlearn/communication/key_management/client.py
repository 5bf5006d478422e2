"""Client of a key management entity: an application's side of ETSI GS QKD 014."""

import base64
import json
import ssl
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from qlearn._checks import as_count, as_real
from qlearn.communication.key_management.key_store import DeliveredKey
from qlearn.communication.key_management.settings import MOST_ANSWER
from qlearn.communication.key_management.tls import client_context, expect_server


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
        parts = httpx.URL(url)
        if not parts.host or parts.userinfo or parts.query or parts.fragment:
            raise ValueError("url must name a host, a port and at most a path: no user, query or fragment")
        self.url = url.rstrip("/")
        self.kme_id = kme_id
        self._timeout = as_real(timeout, "timeout", above=0)
        self._context: ssl.SSLContext = client_context(certificate, private_key, authority)
        if kme_id is not None:
            expect_server(self._context, kme_id)
        self._options: dict[str, Any] = {
            "verify": self._context,
            "timeout": self._timeout,
            "trust_env": False,
            # What is packed may be a thousand times as large as what is sent.
            "headers": {"accept-encoding": "identity"},
        }

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

    @staticmethod
    def _content(answer: "_Answer") -> dict[str, Any]:
        """Return what an answer says, or raise what it refuses."""
        try:
            content = json.loads(answer.body)
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            raise KMEError(answer.status, "the answer is no JSON object")
        if answer.status != 200:
            details = content.get("details")
            raise KMEError(
                answer.status,
                str(content.get("message", "no message")),
                details if isinstance(details, list) else (),
            )
        return content

    def _keys(self, answer: "_Answer") -> list[DeliveredKey]:
        content = self._content(answer)
        try:
            keys = [
                DeliveredKey(item["key_ID"], base64.b64decode(item["key"], validate=True))
                for item in content["keys"]
            ]
            if not all(isinstance(key.key_id, str) and key.key_id and key.key for key in keys):
                raise TypeError
        except (KeyError, TypeError, ValueError):
            # From None: the fault's own text could quote a key.
            raise KMEError(answer.status, "the answer is no key container") from None
        return keys

    def _fresh(self, answer: "_Answer", number: int, size: int | None) -> list[DeliveredKey]:
        """Return the keys of an answer, if they are as many and as long as was asked."""
        keys = self._keys(answer)
        sizes = {8 * len(key.key) for key in keys}
        if (len({key.key_id.lower() for key in keys}), len(keys)) != (number, number) or (
            sizes != {size} if size is not None else len(sizes) != 1
        ):
            raise KMEError(answer.status, "the answer has not the keys that were asked for")
        return keys

    def _asked(self, answer: "_Answer", key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Return the keys of an answer in the order in which they were asked: the standard does not say that it keeps it."""
        keys = self._keys(answer)
        found = {key.key_id.lower(): key for key in keys}
        if len(keys) != len(key_ids) or found.keys() != {key_id.lower() for key_id in key_ids}:
            raise KMEError(answer.status, "the answer has not the keys that were asked for")
        return [found[key_id.lower()] for key_id in key_ids]


class _Answer:
    """An answer as it comes in: not larger, and not slower, than an answer may be."""

    def __init__(self, response: httpx.Response, seconds: float) -> None:
        self.status, self.body = response.status_code, b""
        self._parts: list[bytes] = []
        self._size, self._seconds, self._end = 0, seconds, time.monotonic() + seconds

    def take(self, part: bytes) -> None:
        """Take a part of the body as it was sent."""
        self._parts.append(part)
        self._size += len(part)
        if self._size > MOST_ANSWER:
            raise KMEError(self.status, f"the answer has more than {MOST_ANSWER} bytes")
        if time.monotonic() > self._end:
            raise KMEError(self.status, f"the answer took longer than {self._seconds:g} s")

    def whole(self) -> "_Answer":
        """Put the parts together."""
        self.body = b"".join(self._parts)
        self._parts.clear()
        return self


class KMEClient(_Calls):
    """An application that fetches keys from its KME.

    A call is made once and never repeated by itself: a key whose answer was lost is gone. An answer that has other keys
    than were asked for, or a body too large or too slow, is a :class:`KMEError`; what TLS or TCP fail at is `httpx`'s.

    Parameters
    ----------
    url : str
        For example ``"https://127.0.0.1:8443"``.
    certificate, private_key, authority : str or Path
        The application's own, and the authority that signed the server's.
    kme_id : str, optional
        The common name that the server's certificate must have: else nothing is asked of it (it has seen the application's
        certificate by then). None: any that the authority signed for this host.
    timeout : float
        Seconds for each step of a call, and for the body of an answer. A head that comes letter by letter has a step for each.

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
        self._http = httpx.Client(**self._options)

    def _call(self, verb: str, url: str, asked: dict[str, Any] | None = None) -> _Answer:
        with self._http.stream(verb, url, json=asked) as response:
            answer = _Answer(response, self._timeout)
            for part in response.iter_raw():
                answer.take(part)
        return answer.whole()

    def status(self, slave: str) -> dict[str, Any]:
        """Return what the KME says of the keys for this slave."""
        return self._content(self._call("GET", self._path(slave, "status")))

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
        return self._fresh(self._call("POST", self._path(slave, "enc_keys"), asked), number, size)

    def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """Return the keys that `master` was given under these IDs, each once, in this order."""
        key_ids = list(key_ids)
        asked = {"key_IDs": [{"key_ID": key_id} for key_id in key_ids]}
        return self._asked(self._call("POST", self._path(master, "dec_keys"), asked), key_ids)

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
        self._http = httpx.AsyncClient(**self._options)

    async def _call(self, verb: str, url: str, asked: dict[str, Any] | None = None) -> _Answer:
        async with self._http.stream(verb, url, json=asked) as response:
            answer = _Answer(response, self._timeout)
            async for part in response.aiter_raw():
                answer.take(part)
        return answer.whole()

    async def status(self, slave: str) -> dict[str, Any]:
        """As :meth:`KMEClient.status`."""
        return self._content(await self._call("GET", self._path(slave, "status")))

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
        return self._fresh(await self._call("POST", self._path(slave, "enc_keys"), asked), number, size)

    async def dec_keys(self, master: str, key_ids: Sequence[str]) -> list[DeliveredKey]:
        """As :meth:`KMEClient.dec_keys`."""
        key_ids = list(key_ids)
        asked = {"key_IDs": [{"key_ID": key_id} for key_id in key_ids]}
        return self._asked(await self._call("POST", self._path(master, "dec_keys"), asked), key_ids)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
