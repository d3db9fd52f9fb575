"""The sandbox server in a thread of the test process, over real sockets."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from extractors.sandbox.server.app import make_app, quiet


class Server:
    """A running server: its address, and what a test asks of it behind the providers' backs."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ledger(self, provider: str) -> dict[str, Any]:
        return dict(httpx.get(f"{self.address}/_sandbox/ledger", trust_env=False).json()[provider])

    def faults(self, **shares: dict[str, float]) -> None:
        httpx.put(f"{self.address}/_sandbox/faults", json=shares, trust_env=False).raise_for_status()


@contextmanager
def running(delivery: Path, speed: float = 1.0) -> Iterator[Server]:
    """A server on a free port, gone at the end."""
    config = uvicorn.Config(make_app(delivery, speed=speed), port=0, log_level="warning", lifespan="off")
    quiet()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Server(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = server.force_exit = True  # not even for an answer that hangs
        thread.join(timeout=10)
