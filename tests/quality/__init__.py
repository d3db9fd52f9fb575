"""Tests of scores, rules and checks."""
