"""A guided session from choice to end: what is offered, prepared and remembered, and the leading itself."""
