"""Currency, billing, payment, minimums and totals, in many voices."""

PHRASES: dict[str, tuple[str, ...]] = {}

PAIRS: dict[str, tuple[str, ...]] = {}
