"""Tables and the names of things, in many voices."""

from bench.saas.bank import Grid

GRIDS: dict[str, tuple[Grid, ...]] = {}
