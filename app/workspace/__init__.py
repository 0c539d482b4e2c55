"""The offline folder; the only code that writes user data."""
