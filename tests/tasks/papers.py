"""Small contracts as plain text: two customers, whose papers belong together within each."""

from __future__ import annotations

from pathlib import Path

OURS = 'Lumora Analytics, Inc., a company incorporated in Delaware ("Provider")'


def master(customer: str, number: str, signed: str = "1 March 2024") -> str:
    return f"""Master Services Agreement

Agreement number: {number}

This Master Services Agreement is made on {signed} between {OURS} and {customer} ("Customer").

1. Term. This Agreement takes effect on {signed} and has an initial term of twenty-four (24) months.

2. Renewal. It renews automatically for successive terms of twelve (12) months each unless either party gives
written notice of non-renewal at least sixty (60) days before the end of the then-current term.

3. Fees. The total fees for the initial term are USD 96,000.00. The annual fee is USD 48,000.00.

4. Payment. Invoices are payable within thirty (30) days.

5. Law. This Agreement is governed by the laws of the State of New York.
"""


def amendment(customer: str, to: str = "the Master Services Agreement dated 1 March 2024", no: int = 2) -> str:
    return f"""Amendment No. {no} to {to}

This Amendment is made on 5 May 2025 between {OURS} and {customer} ("Customer").

1. Section 4 is replaced: Invoices are payable within forty-five (45) days.

2. All other terms stay as they are.
"""


def order(customer: str, number: str, under: str) -> str:
    return f"""Order Form {number}

This Order Form is made on 2 April 2024 between {OURS} and {customer} ("Customer") under {under}.

1. Term. This order takes effect on 1 May 2024 and has an initial term of twelve (12) months.

2. Fees. The total fees for the initial term are USD 12,000.00.
"""


HARROW, TIDEWELL = "Harrow Mills Ltd", "Tidewell Foods GmbH"


def portfolio(folder: Path) -> Path:
    """Write both customers' papers, one of them twice, and things that are no contracts."""
    files = {
        "harrow/msa.txt": master(HARROW, "MSA-2024-01"),
        "harrow/amendment 2.txt": amendment(HARROW),
        "harrow/order.txt": order(HARROW, "OF-2024-07", "the Master Services Agreement No. MSA-2024-01"),
        "tidewell/msa.txt": master(TIDEWELL, "MSA-2024-02"),
        "tidewell/copy of msa.txt": master(TIDEWELL, "MSA-2024-02"),
        "tidewell/msa again.txt": master(TIDEWELL, "MSA-2024-02").replace("\n\n", "\n \n"),
        "notes.md": "not a contract",
        ".hidden/secret.txt": master("Nobody Ltd", "X-1"),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
