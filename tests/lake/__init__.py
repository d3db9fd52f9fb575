"""Tests of bronze, tables and storage."""
