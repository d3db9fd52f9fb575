"""What one pass of the waterfall is: by which configuration and code, over which fields, of which lake."""

from dataclasses import dataclass

from enrichment import pins
from enrichment.config import Source, WaterfallConfig, code_version


@dataclass(frozen=True, slots=True)
class Run:
    """Identity of one enrichment run.

    Attributes:
        run_id: id of the run (Dagster's, where Dagster runs it).
        config: configuration it decides by.
        code: version of the deciding code.
        fields: the fields it decides; None for all.
        snapshot: version of the lake whose records, members and pins it reads; None for the present one.
        pins: table of what people pinned, as ``silver.field_pins``.
        transformation: what its attempts are called in the log, ``enrichment`` or ``correction``.
    """

    run_id: str
    config: WaterfallConfig
    code: str
    fields: tuple[str, ...] | None = None
    snapshot: int | None = None
    pins: str = pins.TABLE
    transformation: str = "enrichment"

    @classmethod
    def start(cls, run_id: str, config: WaterfallConfig, fields: tuple[str, ...] | None = None) -> "Run":
        """A run of the present code."""
        return cls(run_id, config, code_version(), fields)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the configuration that it asks."""
        return tuple(
            source for source in self.config.sources if self.fields is None or source.field in self.fields
        )

    @property
    def at(self) -> str:
        """What follows a table of the lake (and its alias) in SQL to read it as this run does."""
        return "" if self.snapshot is None else f" at (version => {self.snapshot})"
