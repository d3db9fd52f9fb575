"""Whatever a provider repeats of its credentials, none gets into bronze, state, errors or logs."""

import json
import logging
import tempfile
from pathlib import Path
from urllib.parse import quote, quote_plus

import duckdb
import httpx
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from extractors.errors import FetchError
from extractors.sources.registry import SOURCES
from lake import bronze
from tests.extractors.sources.opened import opened
from tests.extractors.sources.test_clients import CALLS

WITH_SECRETS = sorted(name for name, source in SOURCES.items() if source.settings.credentials())
SECRETS = st.text(
    alphabet=st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"), min_size=8
)
"""As long as the shortest that any provider gives out, of all characters that a header can hold."""


class Loud(logging.Handler):
    """Keeps what is logged, as a file would get it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


def echo(request: httpx.Request) -> str:
    """Everything that a careless provider could repeat of a request."""
    headers = dict(request.headers)
    return json.dumps({"url": str(request.url), "headers": headers, "body": request.content.decode()})


def spellings(secret: str) -> set[str]:
    written = json.dumps(secret)[1:-1]
    return {secret, quote(secret, safe=""), quote_plus(secret), written, json.dumps(written)[1:-1]}


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(WITH_SECRETS), st.data(), st.sampled_from([200, 400, 401, 404, 429, 503, 0]))
def test_an_echo_of_our_credentials_stays_outside(provider: str, data: st.DataObject, status: int) -> None:
    names = SOURCES[provider].settings.credentials()
    secrets = {name: data.draw(SECRETS, label=name) for name in names}
    token = data.draw(SECRETS, label="token")

    def host(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": token, "refresh_token": token[::-1]})
        if status == 0:
            raise httpx.ConnectError(f"no route to {request.url} with {dict(request.headers)}")
        said = echo(request)
        body = {"id": 1, "error": said, "message": said, "errors": [{"code": status, "message": said}]}
        return httpx.Response(status, json=body, headers={"etag": f'"{secrets[names[0]]}"'})

    loud, errors = Loud(), ""
    root = logging.getLogger()
    before = root.level
    root.addHandler(loud)
    root.setLevel(logging.DEBUG)
    try:
        with tempfile.TemporaryDirectory() as folder:
            with opened(provider, Path(folder), host, **secrets) as client:
                try:
                    CALLS[provider][0](client)
                except FetchError as error:
                    errors = f"{error} {error!r} {error.__dict__}"
            kept = duckdb.sql(
                f"select t::varchar from {bronze.read_sql(Path(folder) / 'bronze', provider)} t"
            ).fetchall()
            files = [one.read_bytes().decode("latin-1") for one in Path(folder).rglob("*.sqlite*")]
    finally:
        root.removeHandler(loud)
        root.setLevel(before)
    assert kept
    for where in (errors, *(row[0] for row in kept), *files, *loud.said):
        for secret in (*secrets.values(), token, token[::-1]):
            assert not any(spelling.lower() in where.lower() for spelling in spellings(secret))
