"""The sandbox server: the sandbox world over HTTP on loopback, in the wire formats of the providers.

A request passes the gate (`gate`: is the caller known, too fast, repeating itself, unlucky?) and is answered
from a shelf of payloads (`shelf`) in its provider's manner (`wires`). What the gate saw is told at
``/_sandbox/ledger``, which faults happen is set at ``/_sandbox/faults``.

What belongs here: what a provider does. What must not: anything that asks (`extractors.http`, `.sources`).
"""

from extractors.sandbox.server.app import listening, make_app, serve

__all__ = ["listening", "make_app", "serve"]
