"""Write the sample contracts and their e-signature records from their texts and truth.

Run `python -m samples.make`; the same input always gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

from samples.layouts import LAYOUTS, Signer, render
from samples.markup import parse
from samples.pandadoc import details

HERE = Path(__file__).parent


def main() -> None:
    """Write everything into `--out`, by default beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    write(parser.parse_args().out)


def write(out: Path) -> None:
    """Write `contracts/*.pdf` and `pandadoc/*.json` below the folder `out`."""
    deals = {deal["document"]: deal for deal in _load("crm.yaml")["deals"]}
    for folder in ("contracts", "pandadoc"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for contract in _load("contracts.yaml")["contracts"]:
        (out / "contracts" / contract["file"]).write_bytes(contract_pdf(contract))
        record = details(contract, deals.get(contract["document_id"]))
        target = out / "pandadoc" / f"{contract['document_id']}.json"
        target.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")


def contract_pdf(contract: dict[str, Any]) -> bytes:
    """Set one contract from its text in `texts/`."""
    text = (HERE / "texts" / contract["file"]).with_suffix(".md").read_text("utf-8")
    layout, blocks = parse(text)
    signers = [Signer(s["party"], s["name"], s["title"], s["signed_on_paper"]) for s in contract["signers"]]
    return render(LAYOUTS[layout], blocks, signers, f"{contract['name']} - Confidential")


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / name).read_text("utf-8"))
    return loaded


if __name__ == "__main__":
    main()
