"""Replay: decide fields once more from recorded answers, compare, and correct what came out differently.

A replay is the waterfall (`enrichment.waterfall`) over chosen tracks and fields under a chosen configuration,
with its outcome compared instead of stored. A *plan* is the comparison: one row of ``ops.replay_diffs`` per
field whose value, provider or confidence came out differently, with a verdict. Making a plan writes nothing
else; `corrections.apply` stores its outcome, `corrections.undo` takes it back.

**What a verdict means.** What stands (B) was decided by configuration C, code V, answers I and pins P of
their time. The replay (A) has C', V', I' and P'. One of them is changed at a time, and the waterfall is run
again, in this order::

    B = (C, V, I, P) -> (C, V', I, P) -> (C, V', I', P) -> (C, V', I', P') -> (C', V', I', P') = A
                     code             data              person             configuration

The steps at which the outcome changes are the *causes*. The first is the *verdict*. So:

``configuration``
    today's code, answers and pins under the former configuration give B; the plan's configuration does not.
``person``
    another pin, or none, decides under the former configuration than the one behind B.
``data``
    today's code gives B from the answers of that time, and something else from those of today: an answer
    came, changed, or belongs to the track more or less surely than it did (matching is not replayed; what it
    says of the track's records is part of the data). What a pin hides is no cause.
``code``
    today's code, given the former configuration and the answers of that time, does not give B; or the answers
    are the same and the records made of them differ.

The answers of that time are read from the lake's snapshot at which the decision was logged. The code of that
time cannot be run: V differs from V' in name (`config.code_version`), and the verdict says whether it
differs in effect on this field.

Modules: `choice` (which tracks, which configuration), `comparison` (running and comparing), `verdicts`,
`plans`, `corrections`, `requests` (the queue), `runs` (who decided, and by what), `whatif`.
"""
