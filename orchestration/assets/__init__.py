"""Assets, one module a layer. An asset is ten to forty lines that call a pure step and say what it did."""

import warnings

import dagster as dg

# `backfill_policy` on assets is beta in Dagster 1.13, which is pinned: nobody who runs a job needs to be told
warnings.filterwarnings("ignore", message=".*backfill_policy.*", category=dg.BetaWarning)
