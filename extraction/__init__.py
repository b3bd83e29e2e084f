"""Documents become pages of text, and pages become terms with the words that prove them."""

from extraction.citations import holds, verify
from extraction.keys import read_contract
from extraction.limits import Limits
from extraction.reader import boxes_of, picture_of, read_document
from extraction.rules import read_terms

__all__ = ["Limits", "boxes_of", "holds", "picture_of", "read_contract", "read_document", "read_terms", "verify"]
