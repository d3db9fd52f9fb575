"""Shapes of AcousticBrainz' documents: the same in its API and in its dumps."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from extractors.sources.payload import Payload


class Rhythm(Payload):
    """Tempo; half and double tempo are common."""

    bpm: float
    danceability: float | None = None
    onset_rate: float | None = None


class Tonal(Payload):
    """Key: ``C#`` or ``Db``, ``major`` or ``minor``; `key_strength` 0 to 1."""

    key_key: str
    key_scale: str
    key_strength: float | None = None


class AudioProperties(Payload):
    """What was measured; `length` in seconds."""

    length: float | None = None


class Metadata(Payload):
    """Where a measurement comes from; tags are lists, as people's files had them."""

    audio_properties: AudioProperties | None = None
    tags: dict[str, Any] | None = None


class LowLevel(Payload):
    """One submission."""

    lowlevel: dict[str, Any]
    rhythm: Rhythm
    tonal: Tonal
    metadata: Metadata


class Verdict(Payload):
    """What one classifier says: `probability` 0 to 1."""

    value: str
    probability: float
    all: dict[str, float] | None = None


class HighLevel(Payload):
    """What the classifiers make of one submission."""

    highlevel: dict[str, Verdict]
    metadata: dict[str, Any] | None = None


class Submission(Payload):
    """One submission among several; chosen members only, if members were chosen."""

    mbid: str
    submission: int
    rhythm: dict[str, Any] | None = None
    tonal: dict[str, Any] | None = None
    lowlevel: dict[str, Any] | None = None
    metadata: Metadata | None = None


class LowLevels(Payload):
    """Several recordings: id -> number of the submission -> submission."""

    submissions: list[Submission] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        by_mbid = {mbid: told for mbid, told in value.items() if mbid != "mbid_mapping"}
        if not by_mbid or not all(
            isinstance(told, dict) and all(number.isdigit() for number in told) for told in by_mbid.values()
        ):
            raise ValueError("no submissions by recording and number")
        return {
            "submissions": [
                {**document, "mbid": mbid, "submission": number} if isinstance(document, dict) else document
                for mbid, told in by_mbid.items()
                for number, document in told.items()
            ]
        }

    def rows(self) -> Sequence[Payload]:
        """The submissions."""
        return self.submissions
