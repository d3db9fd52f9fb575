"""Working the frontier: from what is wanted to requests, and from their outcomes to tables.

::

    wants (enrichment.frontier) -> plan (budgets, jobs) -> requests -> work -> bronze -> outcomes

What belongs here: the tables of operations (`schema`), the night's plan (`plan`), making and asking its
requests (`desks`, `requests`, `work`), what came of them (`outcomes`), charts (`charts`), and drift of the
payloads' keys (`drift`). What must not: how to ask politely (`extractors.http`) and what is worth asking
(`enrichment`).
"""
