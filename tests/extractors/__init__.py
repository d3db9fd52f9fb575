"""Tests of the kinds of files, the saved pages and the sandbox world."""
