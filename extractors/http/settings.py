"""Settings of everything that is asked over HTTP, from the environment.

What belongs here: who we say we are, how we reach the network, and what every provider's settings share. A
provider's own settings stand in its package.
"""

from enum import StrEnum
from importlib.metadata import version
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from lake.errors import LakeError


def _plain_address(text: str) -> str:
    """An address that may stand in bronze.

    Raises:
        ValueError: it is none, or names a user: what is asked is kept with its address.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no address: it begins with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address is kept with every answer: it cannot hold a user name or password")
    return text


def _is_proxy(secret: SecretStr) -> SecretStr:
    """The address of a proxy.

    Raises:
        ValueError: it is none; the value, which may hold a password, is not repeated.
    """
    try:
        parts = urlsplit(secret.get_secret_value())
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is no number
        fine = False
    if not fine:
        raise ValueError("no address of a proxy: write http://user:password@host:port")
    return secret


Address = Annotated[str, AfterValidator(_plain_address)]
Proxy = Annotated[SecretStr, AfterValidator(_is_proxy)]


class Mode(StrEnum):
    """Where a provider's answers come from."""

    LIVE = "live"
    RECORDED = "recorded"
    SANDBOX = "sandbox"


class HttpSettings(BaseSettings):
    """What holds for all providers (``CRATELAKE_HTTP_*``).

    Attributes:
        contact: mail address or web page that providers can turn to; required for live requests.
        proxy: ``http://user:password@host:port``, if the network needs one.
        timeout: seconds for connecting and for each wait for more of an answer.
        budget: seconds that all requests about one track may take together.
        tries: how often to ask in all, while errors are transient.
        sandbox: address of the sandbox server.
        sandbox_speed: how many times as fast as with the real providers time runs in the sandbox.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_HTTP_", frozen=True, hide_input_in_errors=True)

    contact: str | None = Field(default=None, min_length=3)
    proxy: Proxy | None = None
    timeout: float = Field(default=10.0, gt=0)
    budget: float = Field(default=30.0, gt=0)
    tries: int = Field(default=4, ge=1)
    sandbox: Address = "http://127.0.0.1:8700"
    sandbox_speed: float = Field(default=1000.0, gt=0)

    def user_agent(self, mode: Mode) -> str:
        """Who we are: ``cratelake/0.1.0 ( contact )``.

        Raises:
            LakeError: live requests without a contact; providers throttle or block the anonymous.
        """
        if self.contact is None and mode is Mode.LIVE:
            raise LakeError(
                "no contact is set, and providers want to know who asks",
                "set CRATELAKE_HTTP_CONTACT to a mail address or web page of yours",
            )
        return f"cratelake/{version('cratelake')} ( {self.contact or 'sandbox'} )"


class ProviderSettings(BaseSettings):
    """What every provider can be set to (``CRATELAKE_<PROVIDER>_*``).

    Attributes:
        mode: where answers come from.
        base_url: another address than the mode's own.
        nightly: requests a night, at most; unless given, as many as an hour at our pace allows.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    OPTIONAL: ClassVar[frozenset[str]] = frozenset()
    """Credentials that live requests can do without."""

    mode: Mode = Mode.LIVE
    base_url: Address | None = None
    nightly: int | None = Field(default=None, ge=0)

    def secrets(self) -> list[SecretStr]:
        """All secrets among the settings."""
        return [value for value in vars(self).values() if isinstance(value, SecretStr)]

    def missing(self) -> list[str]:
        """Environment variables of credentials that live requests need and that are not set."""
        needed = (name for name in self.credentials() if name not in self.OPTIONAL)
        return [self.variable(name) for name in needed if not getattr(self, name)]

    @classmethod
    def credentials(cls) -> list[str]:
        """Names of the settings that are credentials."""
        return [name for name, field in cls.model_fields.items() if field.annotation == SecretStr | None]

    def need(self, name: str) -> SecretStr:
        """A credential.

        Raises:
            LakeError: it is not set.
        """
        value = getattr(self, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            return value
        if self.mode is Mode.SANDBOX:
            return SecretStr(f"sandbox-{name}")
        variable = self.variable(name)
        raise LakeError(
            f"{variable} is not set, and without it this provider cannot be asked",
            f"set {variable}, or set the provider's mode to sandbox or recorded",
        )

    @classmethod
    def variable(cls, name: str) -> str:
        """Environment variable of a setting."""
        return f"{cls.model_config.get('env_prefix', '')}{name}".upper()
