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

    @classmethod
    def keys(cls) -> set[str]:
        """Keys that the shape names, as answers spell them."""
        return {field.alias or name for name, field in cls.model_fields.items()}

    @property
    def unknown_keys(self) -> list[str]:
        """Keys of the answer that the shape does not name."""
        return sorted(self.model_extra or ())
