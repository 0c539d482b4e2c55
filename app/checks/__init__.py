"""Automated quality checks: decoded data in, findings out, pure functions."""
