"""What single passages say, as pure functions of their words, so that any quote proves its value again."""

from extraction.facts.families import FAMILIES, Family, derived

__all__ = ["FAMILIES", "Family", "derived"]
