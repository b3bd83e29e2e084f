"""The one exception of this folder; the reader of the folder turns it into a problem of the page."""

from __future__ import annotations

from domain.invoices import InvoiceProblem


class Unreadable(ValueError):
    """Say what is wrong with a file, document or row, and what to do about it."""

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix

    def problem(self, where: str) -> InvoiceProblem:
        """Return the problem with the place it was met at."""
        return InvoiceProblem(where, self.what, self.fix)
