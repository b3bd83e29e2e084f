"""Service levels, credits, claims and repeated failure, in many voices."""

PHRASES: dict[str, tuple[str, ...]] = {}

PAIRS: dict[str, tuple[str, ...]] = {}
