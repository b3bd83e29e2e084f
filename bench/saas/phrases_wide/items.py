"""What is bought, in sentences, in many voices."""

PHRASES: dict[str, tuple[str, ...]] = {}

PAIRS: dict[str, tuple[str, ...]] = {}
