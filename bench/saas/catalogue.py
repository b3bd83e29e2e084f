"""Names, places and goods that deals are drawn from; all of them are made up."""

from __future__ import annotations

from decimal import Decimal

FIRST = (
    "Alder", "Brightwater", "Calder", "Dunmore", "Elmfield", "Fathom", "Greyling", "Harrow", "Inkwell", "Juniper",
    "Kestrel", "Lindqvist", "Marlow", "Northgate", "Orrin", "Pellworm", "Quarry", "Rookwood", "Sandgate", "Tamarack",
    "Umbra", "Vellum", "Wexcombe", "Yarrow", "Zephyr",
)  # fmt: skip
SECOND = (
    "Analytics", "Biologics", "Cloud", "Data", "Energy", "Foods", "Health", "Industries", "Labs", "Logistics", "Media",
    "Networks", "Optics", "Payments", "Retail", "Robotics", "Software", "Systems", "Textiles", "Travel",
)  # fmt: skip
ENDINGS = {
    "USD": (", Inc.", " Inc.", ", LLC", " Corporation"),
    "GBP": (" Limited", " Ltd", " Plc", " LLP"),
    "EUR": (" GmbH", " B.V.", " S.A.", " AG", " SAS"),
}
ADDRESSES = {
    "USD": ("410 Larkin Street, San Francisco, California 94102", "77 Water Street, New York, NY 10005",
            "1200 Congress Avenue, Suite 300, Austin, Texas 78701", "18 Harbor Way, Boston, Massachusetts 02210"),
    "GBP": ("14 Fenchurch Row, London EC3M 4AB", "3 Quayside, Bristol BS1 6TX", "22 Castle Terrace, Edinburgh EH1 2EN",
            "Unit 9, Mill Lane, Leeds LS11 5QS"),
    "EUR": ("Lindenstrasse 12, 10969 Berlin, Germany", "Keizersgracht 301, 1016 EE Amsterdam, The Netherlands",
            "8 rue des Archives, 75004 Paris, France", "5 Grand Canal Quay, Dublin 2, Ireland"),
}  # fmt: skip
LAWS = {
    "USD": ("New York", "Delaware", "California", "Texas", "Massachusetts", "Illinois", "Washington"),
    "GBP": ("England and Wales", "Scotland", "England and Wales"),
    "EUR": ("Germany", "Ireland", "France", "Netherlands", "Austria", "Switzerland"),
}
PRODUCTS = (
    "Ledgerline Platform", "Harbor CRM Enterprise", "Pulseboard Analytics", "Formwright Pro", "Tidewater Data Cloud",
    "Rosterly Business", "Atlas Fleet Manager", "Signalpost Monitoring", "Granary Inventory", "Quillpad Documents",
    "Switchyard API", "Meridian Planning Suite",
)  # fmt: skip
ADDONS = (
    "Premium Support", "Advanced Reporting Module", "Single Sign-On Add-on", "Sandbox Environment", "Audit Log Archive",
    "Mobile Companion", "Data Residency Option",
)  # fmt: skip
ONCE = ("Implementation Fee", "Onboarding Package", "Data Migration Services", "Administrator Training")
METERS = (
    ("API call", Decimal("0.012"), (100000, 500000, 2000000)),
    ("user per month", Decimal(24), (50, 200, 500)),
    ("document", Decimal("0.35"), (1000, 5000, 20000)),
    ("GB per month", Decimal("1.20"), (500, 2000, 10000)),
    ("transaction", Decimal("0.08"), (10000, 50000, 250000)),
    ("active device per month", Decimal(6), (100, 500, 2500)),
)
