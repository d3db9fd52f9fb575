"""What goes wrong with providers, on demand and at random, the same for the same seed.

What belongs here: choosing a fault and doing it to a response.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

_DRIP_SECONDS = 0.5
_HANG_SECONDS = 120.0
_ROUNDING = 1e-9


class Fault(StrEnum):
    """What can go wrong with one request."""

    TOO_FAST = "too_fast"
    """Answered like a request above the limit."""
    ERROR_500 = "error_500"
    ERROR_503 = "error_503"
    HANG = "hang"
    """No answer before the caller loses patience."""
    DRIP = "drip"
    """The answer comes byte by byte."""
    TRUNCATED = "truncated"
    """The connection breaks in the middle of the answer."""
    MALFORMED = "malformed"
    """Half the JSON, as if it were whole."""
    HTML = "html"
    """A gateway's page with status 200."""
    CAPTCHA = "captcha"
    """A captcha instead of the answer, with status 200."""
    DRIFT = "drift"
    """A key more, and the last one renamed."""
    EXPIRED = "expired"
    """The caller's token is no longer accepted; a new one is (nothing where there are no tokens)."""
    REVOKED = "revoked"
    """The caller's key is not accepted."""
    DEAD = "dead"
    """The provider is down."""


DEFAULT = {
    Fault.TOO_FAST: 0.005,
    Fault.ERROR_500: 0.003,
    Fault.ERROR_503: 0.003,
    Fault.TRUNCATED: 0.003,
    Fault.MALFORMED: 0.003,
    Fault.HTML: 0.002,
    Fault.EXPIRED: 0.002,
}
"""Shares of requests with each fault on an ordinary night."""


_SHARES = TypeAdapter(dict[str, dict[Fault, Annotated[float, Field(ge=0, le=1)]]])


@dataclass
class Faults:
    """Which faults happen, by provider.

    Attributes:
        shares: provider -> fault -> share of its requests, 0 to 1.
        seed: the same seed gives the same requests the same faults.
    """

    shares: dict[str, dict[Fault, float]] = field(default_factory=dict)
    seed: int = 1

    def set(self, shares: dict[str, dict[Fault, float]]) -> None:
        """Replace what happens."""
        self.shares = shares

    def pick(self, provider: str, number: int) -> Fault | None:
        """What happens to the request with this number, if anything."""
        digest = hashlib.sha256(f"{self.seed}/{provider}/{number}".encode()).digest()
        chance = int.from_bytes(digest[:8]) / 2**64
        for fault, share in self.shares.get(provider, {}).items():
            if chance < share:
                return fault
            chance -= share
        return None


def wanted_faults(told: object, providers: Collection[str]) -> dict[str, dict[Fault, float]]:
    """Shares per provider and fault, as JSON that a person wrote tells them.

    Args:
        told: ``{"spotify": {"error_500": 0.1}}``.
        providers: those that there are.

    Raises:
        ValueError: a provider or a fault that there is not, or no share; says what there is.
    """
    try:
        shares = _SHARES.validate_python(told)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc'])) or 'all'}: {one['msg']}" for one in error.errors())
        raise ValueError("; ".join(wrong)) from None
    unknown = sorted(set(shares) - set(providers))
    if unknown:
        raise ValueError(f"no provider is called {', '.join(unknown)}; use some of {', '.join(providers)}")
    for provider, faults in shares.items():
        if sum(faults.values()) > 1 + _ROUNDING:
            raise ValueError(f"{provider}: its shares come to more than 1")
    return shares


def dead() -> Response:
    """What a provider that is down answers."""
    return HTMLResponse("<html><h1>503 Service Temporarily Unavailable</h1></html>", status_code=503)


async def done_to(fault: Fault | None, response: Response) -> Response:
    """The response after the fault; faults that happen before there is one leave it as it is."""
    if fault is Fault.HANG:
        await asyncio.sleep(_HANG_SECONDS)
    make = _MAKE.get(fault) if fault else None
    return make(response) if make else response


def _with(body: bytes, response: Response) -> Response:
    return Response(body, response.status_code, media_type="application/json")


def _streamed(pieces: AsyncIterator[bytes], response: Response) -> Response:
    return StreamingResponse(pieces, response.status_code, media_type="application/json")


def _drifted(body: bytes) -> bytes:
    data = json.loads(body)
    if isinstance(data, dict) and data:
        last = list(data)[-1]
        data = {"schema_version": 2, **data, f"{last}_v2": data[last]}
        del data[last]
    return json.dumps(data).encode()


async def _slowly(body: bytes) -> AsyncIterator[bytes]:
    for byte in body:
        yield bytes([byte])
        await asyncio.sleep(_DRIP_SECONDS)


class BrokenOffError(Exception):
    """Ends the connection in the middle of an answer."""


async def _broken(body: bytes) -> AsyncIterator[bytes]:
    yield body[: len(body) // 2]
    raise BrokenOffError


_CAPTCHA = (
    "<html><body><h1>Are you a robot?</h1><form>Solve the captcha to unblock your address"
    '<textarea name="g-recaptcha-response"></textarea></form></body></html>'
)
_MAKE: dict[Fault, Callable[[Response], Response]] = {
    Fault.ERROR_500: lambda _: JSONResponse({"error": "Internal Server Error"}, status_code=500),
    Fault.ERROR_503: lambda _: dead(),
    Fault.HTML: lambda _: HTMLResponse("<html><body>One moment, please</body></html>"),
    Fault.CAPTCHA: lambda _: HTMLResponse(_CAPTCHA),
    Fault.MALFORMED: lambda response: _with(bytes(response.body[: len(response.body) // 2]), response),
    Fault.DRIFT: lambda response: _with(_drifted(bytes(response.body)), response),
    Fault.DRIP: lambda response: _streamed(_slowly(bytes(response.body)), response),
    Fault.TRUNCATED: lambda response: _streamed(_broken(bytes(response.body)), response),
}
