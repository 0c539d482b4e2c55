"""Both services on this machine, and the synthetic street they serve."""
