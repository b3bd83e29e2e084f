"""The term, its renewal, notice and how the contract is ended early, in many voices."""

PHRASES: dict[str, tuple[str, ...]] = {}

PAIRS: dict[str, tuple[str, ...]] = {}
