"""Providers asked over HTTP, one package each.

What belongs here: what a provider's paths, parameters, payloads and error messages mean. Each package has a
docstring (data flow, limits, licence, oddities), a client that builds requests and follows pages, the shapes
of its payloads, and exports ``SOURCE``. What must not: how to ask politely (`extractors.http`), and what the
answers are worth (`enrichment`).
"""
