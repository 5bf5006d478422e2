"""Messages of ETSI GS QKD 014: what a call may say, and the one form of every refusal."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from qlearn.communication.key_management.settings import MOST_ID


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class KeyRequest(_Model):
    """The body of *Get key*; every member may be left out."""

    number: StrictInt | None = None
    size: StrictInt | None = None
    additional_slave_SAE_IDs: list[StrictStr] | None = None
    extension_mandatory: list[dict[str, Any]] | None = None
    extension_optional: list[dict[str, Any]] | None = None


class KeyID(_Model):
    """One ID of a key."""

    key_ID: StrictStr
    key_ID_extension: dict[str, Any] | None = None


class KeyIDs(_Model):
    """The body of *Get key with key IDs*."""

    key_IDs: list[KeyID] = Field(min_length=1)
    key_IDs_extension: dict[str, Any] | None = None


class Key(BaseModel):
    """A key in base64, with its ID."""

    key_ID: str
    key: str


class KeyContainer(BaseModel):
    """The answer that holds keys."""

    keys: list[Key]


class Status(BaseModel):
    """What a KME says of the keys between the caller and a slave."""

    source_KME_ID: str
    target_KME_ID: str
    master_SAE_ID: str
    slave_SAE_ID: str
    key_size: int
    stored_key_count: int
    max_key_count: int
    max_key_per_request: int
    max_key_size: int
    min_key_size: int
    max_SAE_ID_count: int


class Error(BaseModel):
    """The body of every answer that is not 200."""

    message: str
    details: list[dict[str, Any]] | None = None


class Refusal(Exception):
    """An answer of the standard's form that is not 200."""

    def __init__(self, status: int, message: str, details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.details = status, message, details

    @property
    def body(self) -> bytes:
        """The Error object as JSON."""
        error: dict[str, Any] = {"message": self.message}
        if self.details:
            error["details"] = self.details
        return json.dumps(error).encode()


_Body = TypeVar("_Body", bound=BaseModel)


def parse_body(model: type[_Body], body: bytes) -> _Body:
    """Read the body of a call, or refuse it and say where it is wrong, without repeating it."""
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        errors = fault.errors(include_input=False, include_url=False, include_context=False)[:8]
        details = [{".".join(map(str, error["loc"]))[:MOST_ID] or "body": error["msg"]} for error in errors]
        raise Refusal(400, "the body is not what this call takes", details) from None


def parse_query(query: bytes, kinds: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """Read a query that has no parameters but these, each at most once."""
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=False,
            errors="strict",
        )
    except ValueError:
        raise Refusal(400, "the query is not UTF-8") from None
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in kinds:
            raise Refusal(400, "the query has a parameter that this call does not know")
        if name in values:
            raise Refusal(400, f"{name} must be given once")
        try:
            values[name] = kinds[name](text)
        except ValueError:
            raise Refusal(400, f"{name} must be a whole number") from None
    return values


def whole(text: str) -> int:
    """Read a whole number of at most nine digits.

    >>> whole("256")
    256
    """
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(text)
    return int(text)
