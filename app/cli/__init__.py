"""The commands of the terminal; none of them but those that show a window imports Qt, not even indirectly."""
