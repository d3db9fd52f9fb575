"""Readers of files: exports, dumps and saved data sets, one module per kind, each exporting ``KIND``.

What belongs here: turning a file into raw answers with the place of each. Meaning is staging's business.
"""
