"""Law, liability and insurance, in many voices."""

PHRASES: dict[str, tuple[str, ...]] = {}

PAIRS: dict[str, tuple[str, ...]] = {}
