"""Keys and tokens: fetched once, renewed once, never shown."""

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from extractors.errors import CredentialsError, MalformedError
from extractors.http.credentials import Authorised, BearerToken, Key
from extractors.http.message import Request, Response
from extractors.http.redact import MASK, Redactor
from tests.extractors.http.fakes import FakeClock, Script, answer, question


@dataclass
class Issuer:
    """Gives out numbered tokens."""

    clock: FakeClock
    lifetime: int = 3600
    rotating: bool = False
    asked: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response:
        self.asked.append(request)
        number = len(self.asked)
        more = f', "refresh_token": "refresh-{number}"' if self.rotating else ""
        return answer(f'{{"access_token": "token-{number}-secret", "expires_in": {self.lifetime}{more}}}')


def bearer(issuer: Issuer, redactor: Redactor | None = None, refresh: str | None = None) -> BearerToken:
    return BearerToken(
        issuer,
        provider="spotify",
        url="https://accounts.example/api/token",
        client_id=SecretStr("the-client"),
        client_secret=SecretStr("the-secret"),
        refresh_token=SecretStr(refresh) if refresh else None,
        clock=issuer.clock,
        redactor=redactor or Redactor(),
    )


def token_of(request: Request) -> str:
    return dict(request.secret_headers)["authorization"]


def test_a_token_is_fetched_once_and_again_shortly_before_its_end() -> None:
    issuer = Issuer(FakeClock())
    credentials = bearer(issuer)
    with ThreadPoolExecutor(4) as threads:
        tokens = set(threads.map(lambda _: token_of(credentials.put_on(question())), range(20)))
    assert tokens == {"Bearer token-1-secret"}
    issuer.clock.now += 3600 - 61
    assert token_of(credentials.put_on(question())) == "Bearer token-1-secret"
    issuer.clock.now += 2
    assert token_of(credentials.put_on(question())) == "Bearer token-2-secret"
    (basic,) = issuer.asked[0].secret_headers
    assert basic == ("authorization", "Basic " + base64.b64encode(b"the-client:the-secret").decode())
    assert issuer.asked[0].form == (("grant_type", "client_credentials"),)


def test_a_refused_token_is_renewed_a_few_times() -> None:
    issuer = Issuer(FakeClock())
    api = Script(CredentialsError("GET x", "HTTP 401: The access token expired"), answer())
    assert Authorised(api, bearer(issuer)).send(question()).status == 200
    assert [token_of(request) for request in api.asked] == ["Bearer token-1-secret", "Bearer token-2-secret"]
    api = Script(CredentialsError("GET x", "HTTP 401"))
    with pytest.raises(CredentialsError):
        Authorised(api, bearer(issuer)).send(question())
    assert len(api.asked) == 4


def test_a_token_that_another_thread_renewed_already_is_kept() -> None:
    issuer = Issuer(FakeClock())
    credentials = bearer(issuer)
    old = credentials.put_on(question())
    credentials.renew(old)
    new = credentials.put_on(question())
    credentials.renew(old)  # the slower thread, refused with the old one
    assert token_of(credentials.put_on(question())) == token_of(new)


def test_a_rotating_refresh_token_is_followed() -> None:
    issuer = Issuer(FakeClock(), lifetime=100, rotating=True)
    credentials = bearer(issuer, refresh="refresh-0")
    for _ in range(2):
        credentials.put_on(question())
        issuer.clock.now += 100
    assert [dict(request.form or ())["refresh_token"] for request in issuer.asked] == [
        "refresh-0",
        "refresh-1",
    ]


def test_an_answer_without_a_token_is_named_so() -> None:
    for body in ("[]", "{}", "<html>"):
        with pytest.raises(MalformedError, match="without an access token"):
            BearerToken(
                Script(answer(body)), provider="spotify", url="https://accounts.example/t",
                client_id=SecretStr("a"), client_secret=SecretStr("b"), clock=FakeClock(),
                redactor=Redactor(),
            ).put_on(question())  # fmt: skip


def test_nothing_of_it_is_shown() -> None:
    redactor = Redactor()
    issuer = Issuer(FakeClock())
    request = bearer(issuer, redactor, refresh="refresh-secret").put_on(question(params=(("q", "x"),)))
    keyed = Key(params=(("api_key", "key-secret"),)).put_on(question(params=(("q", "x"),)))
    shown = f"{request!r} {request.address} {issuer.asked[0]!r} {keyed!r} {keyed.address} {keyed.asked}"
    for secret in ("the-secret", "token-1-secret", "refresh-secret", "key-secret", "Basic "):
        assert secret not in shown
    assert redactor.redact("token-1-secret the-secret") == f"{MASK} {MASK}"


def test_a_key_is_not_renewed() -> None:
    api = Script(CredentialsError("GET x", "HTTP 401"))
    with pytest.raises(CredentialsError):
        Authorised(api, Key()).send(question())
    assert len(api.asked) == 1
