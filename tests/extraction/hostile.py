"""Make files that are meant to hang, crash or exhaust a reader."""

from __future__ import annotations

import zlib
from functools import lru_cache
from io import BytesIO
from random import Random

import pikepdf
import pypdfium2


def pdf_of(*objects: bytes, root: int = 1) -> bytes:
    """Assemble numbered objects into a PDF with a correct cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(objects) + 1, root)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Wrap bytes as a stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), extra) + data + b"\nendstream"


def page_with(content: bytes, extra: bytes = b"") -> bytes:
    """Make a one-page PDF around a content stream."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        stream(content, extra),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
               b"/Resources << /XObject << /X 6 0 R >> >>"),
    )  # fmt: skip


def empty_pages() -> bytes:
    """Make three pages without a word."""
    pdf, target = pikepdf.new(), BytesIO()
    for _ in range(3):
        pdf.add_blank_page()
    pdf.save(target)
    return target.getvalue()


def with_password() -> bytes:
    """Make a file that nobody opens without the user password."""
    return _encrypted(pikepdf.Encryption(owner="owner", user="secret"))


def with_empty_password() -> bytes:
    """Make a file that is encrypted but that everybody may read."""
    return _encrypted(pikepdf.Encryption(owner="owner", user=""))


def _encrypted(encryption: pikepdf.Encryption) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(hello())) as pdf:
        pdf.save(target, encryption=encryption)
    return target.getvalue()


def hello() -> bytes:
    """Make a good page that says hello."""
    return page_with(b"BT /F1 12 Tf 50 700 Td (Hello from the text layer) Tj ET")


def self_reference() -> bytes:
    """Let an object be itself, which makes naive resolvers turn for ever."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources 5 0 R >>",
        b"4 0 R",
        b"5 0 R",
    )


def page_tree_loop() -> bytes:
    """Let the page tree contain itself."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2147483647 >>",
    )


def form_recursion() -> bytes:
    """Draw a form that draws itself."""
    return page_with(b"/X Do BT /F1 12 Tf 50 700 Td (after the loop) Tj ET")


@lru_cache
def flate_bomb() -> bytes:
    """Pack two gigabytes of content into a few kilobytes, twice compressed."""
    block, repeats = b" " * (1 << 24), 128
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(repeats):
        checksum = zlib.adler32(block, checksum)
    once = b"\x78\xda" + packed * repeats + packer.flush() + checksum.to_bytes(4, "big")
    return page_with(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]")


def many_pages(count: int) -> bytes:
    """Refer to one page many times."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
        *([page] * count),
    )


def deep_arrays() -> bytes:
    """Nest arrays deeper than any stack."""
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R /Deep " + b"[" * 100_000 + b"]" * 100_000 + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>",
    )


def truncated() -> bytes:
    """Cut a good file in the middle."""
    good = hello()
    return good[: len(good) * 2 // 3]


def damaged_in_the_middle(good: bytes, first: int) -> bytes:
    """Overwrite three thousand bytes, as a bad disk or a broken transfer does."""
    return good[:first] + Random(first).randbytes(3000) + good[first + 3000 :]


def with_a_broken_stream() -> bytes:
    """Make two pages, of which the second packs its text in a stream that breaks off."""
    line = b"BT /F1 12 Tf 50 700 Td (page %d is here) Tj ET\n"
    packed = zlib.compress(line % 2 + Random(2).randbytes(4000))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
        b"/Resources << /Font << /F1 7 0 R >> >> >>"
    )
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        page % 5,
        page % 6,
        stream(line % 1),
        stream(packed[:1500] + Random(3).randbytes(1000) + packed[2500:], b"/Filter /FlateDecode"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def scanned(*lines: bytes, stamp: bytes = b"", count: int = 1) -> bytes:
    """Make pages that are pictures of lines of text, as a scanner does, with a stamp as real text."""
    page = pypdfium2.PdfDocument(page_with(_lines(*lines)))[0]
    picture = page.render(scale=3).to_pil().convert("L")
    packed = zlib.compress(picture.tobytes())
    content = b"q 600 0 0 800 0 0 cm /X Do Q " + (b"BT /F1 9 Tf 20 785 Td (%s) Tj ET" % stamp if stamp else b"")
    resources = b"<< /Font << /F1 5 0 R >> /XObject << /X 4 0 R >> >>"
    one = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R /Resources " + resources + b" >>"
    image = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Filter /FlateDecode" % picture.size
    )
    kids = b" ".join(b"%d 0 R" % (number + 6) for number in range(count))
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
        stream(content),
        stream(packed, image),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *([one] * count),
    )


def _lines(*lines: bytes) -> bytes:
    return b"BT /F1 14 Tf 50 700 Td 20 TL " + b" ".join(b"(%s) Tj T*" % line for line in lines) + b" ET"


def outlined() -> bytes:
    """Draw a page of many small curves, as programs do that turn letters into outlines."""
    return page_with(b"".join(b"%d %d m 4 4 l 9 3 l f " % (n % 500, n // 2) for n in range(900)))


def unmapped() -> bytes:
    """Write with a font that maps its letters to private characters."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        b"1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfrange <20> <7E> <E020> endbfrange endcmap end end"
    )
    return _with_map(cmap)


def named_oddly() -> bytes:
    """Write "Notice of 30 days" with a ligature's name for the digit 3, which only one reader takes apart."""
    with _with_a_line(b"Notice of 30 days before the end") as pdf:
        names = pikepdf.Array([51, pikepdf.Name("/six_zero")])
        pdf.pages[0].Resources.Font.F1.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=names)
        return _saved(pdf)


def _with_map(cmap: bytes) -> bytes:
    with _with_a_line(b"Notice of thirty days before the end of the term") as pdf:
        pdf.pages[0].Resources.Font.F1.ToUnicode = pdf.make_stream(cmap)
        return _saved(pdf)


def _with_a_line(line: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(page_with(_lines(line))))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()


def huge_page() -> bytes:
    """Ask for a scanned page of five metres on each side."""
    with pikepdf.open(BytesIO(scanned(b"big"))) as pdf:
        pdf.pages[0].mediabox = [0, 0, 14400, 14400]
        pdf.pages[0].Contents = pdf.make_stream(b"q 14400 0 0 14400 0 0 cm /X Do Q")
        return _saved(pdf)
