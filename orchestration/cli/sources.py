"""``cratelake parse``: what is read from a saved payload; ``cratelake sandbox serve``: a world to try on."""

from pathlib import Path

from rich.markup import escape

from extractors.errors import SourceError
from extractors.files.reading import DamagedError, text_chunks
from extractors.sandbox.server import make_app, serve
from extractors.sandbox.server.app import HOST
from extractors.sandbox.server.faults import DEFAULT, Faults
from extractors.sandbox.server.wire import WIRES
from extractors.sources.registry import source
from lake.settings import Settings
from orchestration.cli.console import err, out
from orchestration.fetching import sandbox_delivery


def parse(provider: str, stream: str, file: Path) -> None:
    """Print the rows of a payload as JSON lines; keys that we do not know go to standard error.

    Raises:
        SourceError: it is no payload of the stream; says where and why.
        FetchError: it is the provider's own error message.
    """
    try:
        text = "".join(text_chunks(file))
    except DamagedError as damage:
        raise SourceError(file.name, damage.reason, "save the provider's answer again") from damage
    known, payload = source(provider).parse(stream, text, file.name)
    rows = payload.rows()
    for row in rows:
        out.print(row.model_dump_json(by_alias=True), markup=False, highlight=False, soft_wrap=True)
    unknown = sorted({key for one in (payload, *rows) for key in one.unknown_keys})
    err.print(f"{len(rows)} rows of {provider} {known.name} ({known.what})")
    if unknown:
        err.print(f"kept, but not read: {escape(', '.join(unknown))}")


def serve_sandbox(port: int, *, speed: float, faults: bool) -> None:
    """Serve the sandbox world of this lake's settings until Ctrl-C."""
    settings = Settings()
    delivery = sandbox_delivery(settings)
    chosen = Faults({provider: dict(DEFAULT) for provider in WIRES} if faults else {})
    app = make_app(delivery.root, chosen, speed)
    err.print(f"{', '.join(WIRES)} at http://{HOST}:{port}/, {delivery.spec.tracks:,} tracks; Ctrl-C ends it")
    serve(app, port)
