"""Shapes of payloads: what we rely on in an answer, and nothing more.

A shape names the keys that an answer of its stream must have, and those we read. Keys that providers add are
kept (`unknown_keys` tells them), keys that they drop matter only if we rely on them.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """An answer, or part of one."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, frozen=True, coerce_numbers_to_str=True)

    def rows(self) -> Sequence["Payload"]:
        """The things that the answer tells of: itself, or what it lists."""
        return [self]

    @property
    def unknown_keys(self) -> list[str]:
        """Keys of the answer that the shape does not name."""
        return sorted(self.model_extra or ())
