"""The sandbox server in a process of its own, which ends with the one that started it.

``python -m extractors.sandbox.server.process DELIVERY SPEED FAULTS`` prints its port and serves until its
standard input ends.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from extractors.sandbox.server.app import HOST, make_app, quiet
from extractors.sandbox.server.faults import DEFAULT, Faults
from extractors.sandbox.server.wires import WIRES
from lake.errors import LakeError

_PATIENCE = 10.0


@contextmanager
def serving(delivery: Path, *, speed: float, faults: bool) -> Iterator[str]:
    """The address of a server over a delivery, on a free port; gone at the end, or with this process.

    Raises:
        LakeError: it does not start.
    """
    command = [sys.executable, "-m", __name__, str(delivery), str(speed), "faults" if faults else "calm"]
    with subprocess.Popen(  # noqa: S603 - our own module
        # not in our session: a Ctrl-C is for the one who asks, which ends the server when it has ended itself
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port.isdigit():
                raise LakeError("the sandbox server does not start", "see its message above")
            yield f"http://{HOST}:{port}"
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _main(delivery: Path, speed: float, *, faults: bool) -> None:
    chosen = Faults({provider: dict(DEFAULT) for provider in WIRES} if faults else {})
    config = uvicorn.Config(
        make_app(delivery, chosen, speed),
        host=HOST,
        port=0,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
    quiet()
    server = uvicorn.Server(config)

    def until_orphaned() -> None:
        sys.stdin.read()
        server.should_exit = server.force_exit = True

    threading.Thread(target=until_orphaned, daemon=True).start()
    socket = config.bind_socket()
    socket.listen()  # who connects before the server is up waits, and is not refused
    sys.stdout.write(f"{socket.getsockname()[1]}\n")
    sys.stdout.flush()
    server.run(sockets=[socket])


if __name__ == "__main__":
    _main(Path(sys.argv[1]), float(sys.argv[2]), faults=sys.argv[3] == "faults")
