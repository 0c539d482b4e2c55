"""Bytes to domain values and back: pure functions, one module per format, no paths, no network."""
