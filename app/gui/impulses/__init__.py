"""The page of a project's impulses: all of them as a table, and one of them in full."""
