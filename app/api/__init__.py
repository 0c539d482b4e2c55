"""URLs to bytes: one HTTP module and a client per service."""
