"""No secret gets out, however it is spelt."""

import base64
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from extractors.http.redact import MASK, Redactor, redact_named

SECRETS = st.lists(
    st.text(min_size=1, max_size=20).filter(lambda text: text.strip("*")), min_size=1, max_size=4
)
SPELLINGS = (
    str,
    lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""),
    lambda text: quote_plus(text.encode("utf-8", "surrogatepass")),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: quote(text.encode("utf-8", "surrogatepass")),
    lambda text: base64.b64encode(text.encode("utf-8", "surrogatepass")).decode(),
)


@given(st.data(), SECRETS)
def test_no_text_made_of_secrets_in_any_spelling_lets_one_out(
    data: st.DataObject, secrets: list[str]
) -> None:
    parts = data.draw(
        st.lists(
            st.one_of(
                st.text(max_size=8),
                st.builds(
                    lambda one, spell: spell(one), st.sampled_from(secrets), st.sampled_from(SPELLINGS)
                ),
                # pieces of secrets, which masking a neighbour could put together
                st.builds(
                    lambda one, cut: one[: cut % (len(one) + 1)], st.sampled_from(secrets), st.integers(0)
                ),
                st.just(MASK),
            ),
            max_size=8,
        )
    )
    safe = Redactor(secrets).redact("".join(parts))
    for secret in secrets:
        for spell in SPELLINGS:
            assert spell(secret).lower() not in safe.lower() or safe == MASK


@given(SECRETS, st.text(max_size=30))
def test_a_text_without_secrets_is_untouched(secrets: list[str], text: str) -> None:
    if not any(spell(one).lower() in text.lower() for one in secrets for spell in SPELLINGS):
        assert Redactor(secrets).redact(text) == text


def test_secrets_learnt_later_count_and_empty_ones_do_not() -> None:
    redactor = Redactor([None, "", SecretStr("s3cret-key")])
    assert redactor.redact("nothing here") == "nothing here"
    assert redactor.redact(urlencode({"api_key": "s3cret-key"})) == f"api_key={MASK}"
    redactor.add("token-of-the-hour")
    assert redactor.redact("Bearer token-of-the-hour") == f"Bearer {MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "https://x.y/2.0/?method=a&api_key={}&format=json",
        '{{"access_token": "{}", "expires_in": 3600}}',
        "Authorization: Bearer {}",
    ],
)
def test_what_is_a_secret_by_its_name_is_masked_known_or_not(text: str) -> None:
    assert redact_named(text.format("abcdefgh.ijkl-0123")) == text.format(MASK)


def test_what_only_sounds_like_a_secret_is_not() -> None:
    assert redact_named("key: A minor, tokens in all") == "key: A minor, tokens in all"
