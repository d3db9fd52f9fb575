"""Where the lake lives and how much of the machine it may use, from the environment (``CRATELAKE_*``)."""

import os
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one lake.

    Attributes:
        home: directory of everything the lake owns (``CRATELAKE_HOME``, default ``.cratelake``).
        postgres_url: a server to use instead of the embedded one, ``postgresql://user:password@host/database``.
        threads: DuckDB threads per connection; default all cores.
        memory_limit: DuckDB memory per connection, in DuckDB's notation (``3GiB``).
        keep_published: how many former published files are kept for rollback.
        sandbox_tracks: size of the sandbox world, in tracks.
        sandbox_sets: DJ sets of the sandbox world; default 8 % of the tracks.
        sandbox_seed: seed of the sandbox world.
        sandbox_faults: whether its providers fail now and then, as on an ordinary night.
    """

    model_config = SettingsConfigDict(env_prefix="CRATELAKE_", frozen=True)

    home: Path = Path(".cratelake")
    postgres_url: SecretStr | None = None
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)
    memory_limit: str = Field(default="3GiB", pattern=r"^\d+(\.\d+)?\s*([KMGT]i?B)$")
    keep_published: int = Field(default=3, ge=0)
    sandbox_tracks: int = Field(default=5000, ge=100)
    sandbox_sets: int | None = Field(default=None, ge=1)
    sandbox_seed: int = 1
    sandbox_faults: bool = True

    @cached_property
    def root(self) -> Path:
        """The home as an absolute path."""
        return self.home.expanduser().absolute()

    @property
    def bronze(self) -> Path:
        """Root of the bronze Parquet files."""
        return self.root / "bronze"

    @property
    def data(self) -> Path:
        """Data files of the DuckLake catalogue (silver, gold, ops)."""
        return self.root / "lake"

    @property
    def data_path(self) -> str:
        """That directory as the catalogue writes it."""
        return f"{self.data}/"

    @property
    def spill(self) -> Path:
        """Directory DuckDB spills to when memory runs out."""
        return self.root / "tmp"

    @property
    def pgdata(self) -> Path:
        """Data directory of the embedded Postgres."""
        return self.root / "postgres"

    @property
    def published(self) -> Path:
        """The file analysts open."""
        return self.root / "published" / "gold.duckdb"

    @property
    def sandbox(self) -> Path:
        """Files delivered by the sandbox world, with its truth."""
        return self.root / "sandbox"

    @property
    def http(self) -> Path:
        """What processes that ask providers share: limits, circuits, answers on their way to bronze."""
        return self.root / "http"

    @property
    def dagster_home(self) -> Path:
        """``DAGSTER_HOME``: instance configuration and compute logs."""
        return self.root / "dagster"
