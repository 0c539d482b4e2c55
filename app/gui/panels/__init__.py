"""Side panels: each shows one part of the viewer's state and calls its methods."""
