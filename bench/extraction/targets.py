"""What the reader is to reach, and on which fields."""

from __future__ import annotations

from collections.abc import Mapping

# CUAD's category: the F1 of its value.
VALUES: Mapping[str, float] = {
    "Agreement Date": 0.90,
    "Effective Date": 0.80,
    "Expiration Date": 0.80,
    "Renewal Term": 0.88,
    "Notice Period To Terminate Renewal": 0.85,
    "Governing Law": 0.98,
}
KEY_FIELDS = (
    "Document Name", "Agreement Date", "Effective Date", "Expiration Date", "Renewal Term",
    "Notice Period To Terminate Renewal", "Governing Law", "Parties", "Termination For Convenience",
    "Minimum Commitment", "Price Restrictions", "Cap On Liability", "Audit Rights", "Revenue/Profit Sharing",
    "Volume Restriction", "Warranty Duration", "Insurance",
)  # fmt: skip
RANKING: Mapping[str, float] = {"AUPR": 0.73, "P@80R": 0.46, "macro AUPR": 0.60}
SPAN_F1, DOCUMENT_F1 = 0.72, 0.92
SAAS_F1 = 0.95
SURE_PRECISION, SURE_COVERAGE = 0.98, 0.50
CONTRACTS_A_SECOND = 20.0
MODEL_BYTES, TRAINING_SECONDS = 2_000_000, 120
