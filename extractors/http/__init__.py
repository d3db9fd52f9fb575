"""One polite way to ask providers over HTTP.

A request goes through small layers, each an object with `send`, composed in `stack` and nowhere else::

    cache over bronze -> credentials -> retry -> rate limit -> circuit breaker -> judge -> httpx

What belongs here: everything about asking that is the same for all providers. What must not: what a
provider's paths, payloads and error messages mean (`extractors.sources`).
"""
