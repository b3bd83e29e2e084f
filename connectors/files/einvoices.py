"""Which e-invoice a file holds, whether it is XML or a PDF with XML inside."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pikepdf

from connectors.files import cii, ubl
from connectors.files.unreadable import Unreadable
from connectors.files.xml import Reader, root
from domain.invoices import Direction, Invoice

# Names that Factur-X 1.07 (section 6.2.2) and its elder sisters give the attachment.
EMBEDDED = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_ZUGFERD_1 = "CrossIndustryDocument"


def from_xml(content: bytes, sha256: str, direction: Direction) -> Invoice:
    """Return the invoice of an XML document, by its root element. Raises `Unreadable`."""
    top = root(content)
    if top.tag in {ubl.INVOICE, ubl.CREDIT_NOTE}:
        return ubl.invoice(Reader(top, ubl.NAMES), sha256, direction)
    if top.tag == cii.INVOICE:
        return cii.invoice(Reader(top, cii.NAMES), sha256, direction)
    name = str(top.tag).rpartition("}")[2]
    if name == _ZUGFERD_1:
        raise Unreadable("it is ZUGFeRD 1.0, which was replaced in 2019", "ask its sender for ZUGFeRD 2 or Factur-X")
    raise Unreadable(f"its root element {name} is no invoice", "only UBL 2.1 and Cross Industry Invoice are read")


def from_pdf(content: bytes, sha256: str, direction: Direction) -> Invoice:
    """Return the invoice embedded in a PDF. Raises `Unreadable`."""
    return from_xml(embedded(content), sha256, direction)


def embedded(content: bytes) -> bytes:
    """Return the XML of a Factur-X or ZUGFeRD file. Raises `Unreadable`."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            names: Mapping[str, Any] = pdf.attachments
            found = {name.casefold(): name for name in names}
            for wanted in EMBEDDED:
                if wanted in found:
                    return bytes(names[found[wanted]].get_file().read_bytes())
    except (pikepdf.PdfError, ValueError, KeyError) as error:
        raise Unreadable(f"it is not a PDF that can be opened: {error}", "ask its sender for another copy") from error
    raise Unreadable(
        "it holds no embedded e-invoice", "ask its sender for Factur-X, ZUGFeRD or UBL, or add it to a table by hand"
    )
