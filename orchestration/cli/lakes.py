"""Whether there is a lake to look at, said the same way by every command."""

from lake.errors import LakeError
from lake.settings import Settings


def require_lake(settings: Settings) -> None:
    """Refuse to look into a lake that does not exist, instead of making an empty one.

    Raises:
        LakeError: nothing was ever run in this home.
    """
    if settings.postgres_url is None and not (settings.pgdata / "PG_VERSION").exists():
        raise LakeError(
            f"there is no lake in {settings.root}",
            "run `cratelake run` first, or point CRATELAKE_HOME at a lake",
        )


def require_published(settings: Settings) -> None:
    """Refuse to query gold before it was published.

    Raises:
        LakeError: no file was published yet.
    """
    if not settings.published.exists():
        raise LakeError(f"nothing is published in {settings.root} yet", "run `cratelake run` first")
