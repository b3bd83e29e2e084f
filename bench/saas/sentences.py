"""Grammar for templates whose words were not known when they were written."""

from __future__ import annotations

import re

_PRONOUN = re.compile(
    r"\b([Yy]ou|[Ww]e) (has|is|was|agrees|aims|allows|commits|decides|gives|grants|guarantees|holds|obtains|orders|owes"
    r"|pledges|promises|provides|reserves|subscribes|takes|undertakes|warrants|logs|applies)\b"
)
_PLURALS = {"has": "have", "is": "are", "was": "were", "applies": "apply"}
_START = re.compile(r"^[a-z](?=[a-z])|(?<=[a-z)][.] )(?=(?:the|you|your|we|our|either)\b)[a-z]")


def sentence(text: str) -> str:
    """Begin with a capital, and let verbs agree with a pronoun that stands in for a party."""
    agreed = _PRONOUN.sub(lambda found: f"{found[1]} {_PLURALS.get(found[2], found[2].removesuffix('s'))}", text)
    return _START.sub(lambda found: found[0].upper(), agreed)
