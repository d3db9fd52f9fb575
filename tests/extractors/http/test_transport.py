"""httpx at the bottom: errors get names, time is bounded, secrets do not come back."""

import gzip
from collections.abc import Callable, Iterator

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from extractors.errors import BudgetSpentError, MalformedError, NotRecordedError, UnreachableError
from extractors.http.message import Request
from extractors.http.redact import MASK, Redactor
from extractors.http.settings import HttpSettings
from extractors.http.transport import HttpxTransport, NoTransport
from extractors.sources.registry import source
from tests.extractors.http.fakes import FakeClock, question

SECRET = "key-secret-1"  # noqa: S105
Handler = Callable[[httpx.Request], httpx.Response]


def transport(handler: Handler, clock: FakeClock | None = None) -> HttpxTransport:
    return HttpxTransport(httpx.MockTransport(handler), "test/1", clock or FakeClock(), Redactor([SECRET]))


def secretive(**changes: object) -> Request:
    return question(params=(("q", 'a "b" & c'),), secret_params=(("api_key", SECRET),), **changes)


def test_it_asks_what_the_request_says() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": 1}, headers={"ETag": '"v1"'})

    request = secretive(headers=(("if-none-match", '"v0"'),), secret_headers=(("authorization", "Bearer t"),))
    response = transport(handler).send(request)
    assert (response.status, response.data, response.headers["etag"]) == (200, {"id": 1}, '"v1"')
    (sent,) = seen
    assert dict(sent.url.params) == {"q": 'a "b" & c', "api_key": SECRET}
    assert (sent.method, sent.headers["if-none-match"], sent.headers["authorization"]) == (
        "GET",
        '"v0"',
        "Bearer t",
    )


def test_a_form_is_posted() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=f"{request.method} {request.content.decode()}")

    assert transport(handler).send(question(form=(("grant_type", "x y"),))).body == "POST grant_type=x+y"


def test_what_a_provider_echoes_of_our_secrets_does_not_come_in() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            403, text=f"bad key {SECRET} in {request.url}", headers={"location": f"/?k={SECRET}"}
        )

    response = transport(handler).send(secretive())
    assert SECRET not in response.body + response.headers["location"]
    assert MASK in response.body


def _raising(error: Exception) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError(f"refused https://x/?api_key={SECRET}"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout(""),
        httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
        httpx.ProxyError("no"),
    ],
)
def test_what_the_network_does_is_unreachable_with_its_name_and_no_secret(error: Exception) -> None:
    with pytest.raises(UnreachableError) as caught:
        transport(_raising(error)).send(secretive())
    assert type(error).__name__ in str(caught.value)
    assert "Asking again later can help" in str(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value.args)
    assert caught.value.__cause__ is None


def test_an_answer_that_drips_in_is_cut_at_the_deadline() -> None:
    clock = FakeClock()

    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(1000):
                clock.now += 1
                yield b" "

    sender = transport(lambda _: httpx.Response(200, stream=Drip()), clock)
    with pytest.raises(UnreachableError, match="only 5 bytes came"):
        sender.send(question(deadline=clock.now + 5))
    with pytest.raises(BudgetSpentError):
        sender.send(question(deadline=clock.now))


def test_a_charset_is_followed_and_what_is_no_text_is_refused() -> None:
    latin = {"content-type": "application/json; charset=iso-8859-1"}
    assert (
        transport(lambda _: httpx.Response(200, content=b'"\xe9"', headers=latin)).send(question()).data
        == "é"
    )
    zipped = {"content-encoding": "gzip"}
    body = gzip.compress(b'"plain"')
    assert (
        transport(lambda _: httpx.Response(200, content=body, headers=zipped)).send(question()).data
        == "plain"
    )
    wrong: list[Handler] = [
        lambda _: httpx.Response(200, content=b"\xff\xfe\xfa"),
        lambda _: httpx.Response(200, content=b"x", headers={"content-type": "text/plain; charset=klingon"}),
    ]
    for handler in wrong:
        with pytest.raises(MalformedError):
            transport(handler).send(question())
    # httpx hands on what it could unpack; that it is half an answer shows when it is judged
    with pytest.raises(ValueError, match="Unterminated"):
        transport(lambda _: httpx.Response(200, content=body[:-12], headers=zipped)).send(question()).data  # noqa: B018


def test_recorded_mode_asks_nobody() -> None:
    with pytest.raises(NotRecordedError, match='no answer to "tracks/1"'):
        NoTransport().send(question())


@pytest.mark.parametrize(
    "proxy",
    ["u:SECRET123@127.0.0.1:9", "SECRET123", "ftp://u:SECRET123@h:1", "socks5://h:1", "http://u:p@:x"],
)
def test_a_proxy_that_is_none_is_refused_without_its_password(proxy: str) -> None:
    with pytest.raises(ValidationError, match="http://user:password@host:port") as refused:
        HttpSettings(proxy=SecretStr(proxy))
    assert "SECRET123" not in str(refused.value)


@pytest.mark.parametrize("address", ["notaurl", "127.0.0.1:9", "http://u:SECRET123@127.0.0.1:9"])
def test_addresses_hold_no_secrets_and_are_addresses(address: str) -> None:
    with pytest.raises(ValidationError) as refused:
        HttpSettings(sandbox=address)
    assert "SECRET123" not in str(refused.value)
    with pytest.raises(ValidationError):
        source("beatport").settings(base_url=address)


def test_a_proxy_and_addresses_that_are_right_are_taken() -> None:
    HttpSettings(proxy=SecretStr("http://user:password@host:8080"), sandbox="http://127.0.0.1:8765")
    source("beatport").settings(base_url="https://mirror.example/v4")
