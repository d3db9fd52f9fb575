"""Tests of whole runs, through the command line."""
