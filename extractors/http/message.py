"""What the layers hand to each other: a request, its response, and whoever sends it.

Secrets travel in fields of their own, which are never shown: address, keys and errors are free of them by
construction; `redact` is the second line of defence.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a provider.

    Attributes:
        provider: whom we ask.
        stream: bronze stream that the answer belongs to.
        key: what is asked (``tracks/123``); with provider and stream the identity of the question.
        url: address without query.
        params: query, without secrets.
        headers: headers, without secrets.
        secret_params: query parameters and
        secret_headers: headers that carry credentials.
        form: body of a POST; None for a GET.
        entity_id: the provider's id of the thing asked for, if one thing is.
        ttl: seconds for which an answer already in bronze is good enough.
        deadline: when to give up (seconds since 1970); None lets the stack set it.
        record_ids: records about which it is asked, where the frontier asks; noted with the outcome.
    """

    provider: str
    stream: str
    key: str
    url: str
    params: Pairs = ()
    headers: Pairs = ()
    secret_params: Pairs = field(default=(), repr=False)
    secret_headers: Pairs = field(default=(), repr=False)
    form: Pairs | None = field(default=None, repr=False)
    entity_id: str | None = None
    ttl: float = 0.0
    deadline: float | None = None
    record_ids: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        """Provider and host (``spotify@api.spotify.com``): what limits and circuits are kept for."""
        return f"{self.provider}@{urlsplit(self.url).netloc}"

    @property
    def method(self) -> str:
        """GET, or POST if there is a form."""
        return "GET" if self.form is None else "POST"

    @property
    def address(self) -> str:
        """URL with its query, without secrets."""
        return f"{self.url}?{urlencode(self.params)}" if self.params else self.url

    @property
    def asked(self) -> str:
        """The question in words, for messages."""
        return f"{self.method} {self.address}"

    def seconds_left(self, now: float) -> float:
        """Time until the deadline."""
        return float("inf") if self.deadline is None else self.deadline - now

    def with_headers(self, *headers: tuple[str, str]) -> "Request":
        """The request with more headers."""
        return replace(self, headers=(*self.headers, *headers))


@dataclass(frozen=True)
class Response:
    """What a provider answered.

    Attributes:
        status: HTTP status.
        headers: header fields, names in lower case.
        body: the text, untouched.
        fetched_at: when the answer was asked for (seconds since 1970).
        found: False if the answer says that there is no such thing.
        tries: how many times it was asked.
        from_bronze: whether it was answered without asking.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    fetched_at: float
    found: bool = True
    tries: int = 1
    from_bronze: bool = False

    @cached_property
    def data(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.body, parse_constant=_no_number)

    @property
    def content_type(self) -> str:
        """Media type without parameters."""
        return self.headers.get("content-type", "application/json").partition(";")[0].strip()


def _no_number(name: str) -> None:
    """Python reads ``NaN`` and ``Infinity``, which JSON has not.

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is no number of JSON")


class Sender(Protocol):
    """A layer: sends a request, or lets another layer do it."""

    def send(self, request: Request) -> Response:
        """The answer to the request.

        Raises:
            FetchError: there is none.
        """
        ...
