"""Domain values to VTK actors; takes any plotter, on screen or off, and knows nothing of Qt."""
