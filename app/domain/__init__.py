"""The nouns of the field: frozen dataclasses over numpy and nothing else."""
