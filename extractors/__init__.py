"""The outside world on its way into bronze: files, saved pages, dumps, recorded answers, the sandbox world.

What belongs here: reading a source and handing on its raw answers. What must not: deciding what to believe.
"""
