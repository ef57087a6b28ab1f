"""Measurements, not tests: ``make bench`` prints one row each."""
