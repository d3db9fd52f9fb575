"""Tests of normalising, matching and deciding."""
