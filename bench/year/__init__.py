"""A simulated year of a whole portfolio, and a referee who looks for broken promises."""
