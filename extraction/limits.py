"""What one document may cost before it is called hostile."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold the limits of one errand; memory is fixed at 1 GiB.

    Drawing and recognising a page are errands of their own, for at most `recognised_pages` a file.
    """

    file_bytes: int = 50 * 1024 * 1024
    pages: int = 2000
    characters: int = 20_000_000
    cpu_seconds: int = 20
    wall_seconds: int = 30
    recognised_pages: int = 40

    @property
    def answer_bytes(self) -> int:
        """Tell how much JSON a child may write; escaped text needs up to six bytes a character."""
        return self.characters * 6 + 65_536
