"""Tables, and names of things."""

from bench.saas.bank import Grid, Words

WORDS = Words(
    methods={
        "post": ("first-class post", "ordinary mail"),
        "registered_post": ("registered post", "registered mail", "certified mail"),
        "courier": ("courier", "overnight courier"),
        "hand": ("hand", "personal delivery"),
        "email": ("e-mail", "email"),
    },
    policies={
        "general_liability": ("commercial general liability insurance", "general liability insurance"),
        "professional_liability": ("professional liability insurance", "professional indemnity insurance"),
        "cyber_liability": ("cyber liability insurance", "cyber insurance"),
    },
    indexes={
        "CPI-U": ("CPI-U", "Consumer Price Index for All Urban Consumers (CPI-U)"),
        "CPI": ("Consumer Price Index", "CPI", "consumer price index (CPI)"),
        "RPI": ("Retail Prices Index", "RPI"),
        "HICP": ("Harmonised Index of Consumer Prices", "HICP"),
        "ECI": ("Employment Cost Index", "ECI"),
    },
    windows={
        "month": ("calendar month", "month"),
        "quarter": ("calendar quarter", "quarter"),
        "year": ("calendar year", "year"),
    },
    units={
        "user per month": ("per user per month", "per user and month", "/user/month"),
        "user per year": ("per user per year", "per user and year"),
        "month": ("per month", "per calendar month"),
        "year": ("per year", "per annum"),
        "": ("one-time",),
        "API call": ("per API call",),
        "document": ("per document",),
        "GB per month": ("per GB per month",),
        "transaction": ("per transaction",),
        "active device per month": ("per active device per month",),
    },
)
GRIDS = {
    "items": (
        Grid(("Product / Service", "Units", "Price"), ("{product}", "{qty}", "{price} {unit}")),
        Grid(
            ("Line", "Product", "Quantity", "Unit price", "Per"), ("{place}", "{product}", "{qty}", "{price}", "{unit}")
        ),
        Grid(("Product", "Quantity", "Unit price", "Unit"), ("{product}", "{qty}", "{price}", "{unit}")),
        Grid(("Item", "Unit", "Qty", "Price"), ("{product}", "{unit}", "{qty}", "{price}")),
        Grid(
            ("Description", "Qty", "Price per unit", "Unit of measure", "Amount"),
            ("{product}", "{qty}", "{price}", "{unit}", "{amount}"),
        ),
        Grid(
            ("Service", "Quantity", "Unit", "Unit fee", "Total"),
            ("{product}", "{qty}", "{unit}", "{price}", "{amount}"),
        ),
    ),
    "ramp": (
        Grid(("Product", "Start date", "End date", "Fee"), ("{product}", "{starts}", "{ends}", "{price}")),
        Grid(("Product", "Period", "Annual fee"), ("{product}", "{starts} to {ends}", "{price}")),
        Grid(
            ("Contract year", "Product", "From", "To", "Annual fee"),
            ("Year {year}", "{product}", "{starts}", "{ends}", "{price}"),
        ),
    ),
    "tiers": (
        Grid(("From", "To", "Price {unit}"), ("{first}", "{last}", "{price}"), ("{first}", "-", "{price}")),
        Grid(
            ("Tier", "Volume", "Unit price"),
            ("Tier from {first}", "{first} to {last} {things}", "{price}"),
            ("Top tier", "over {over} {things}", "{price}"),
        ),
        Grid(("Number of {things}", "Price {unit}"), ("{first} - {last}", "{price}"), ("{first} and above", "{price}")),
        Grid(("From / to", "Unit price"), ("{first} to {last}", "{price}"), ("over {over}", "{price}")),
        Grid(("Tier ({things})", "Rate"), ("{first} to {last}", "{price}"), ("{first}+", "{price}")),
    ),
    "credit": (
        Grid(
            ("If availability is", "the credit is"),
            ("between {first} and {below} (exclusive)", "{pct}"),
            ("less than {below}", "{pct}"),
        ),
        Grid(
            ("Availability", "Credit percentage"),
            ("{first} or above but below {below}", "{pct}"),
            ("below {below}", "{pct}"),
        ),
        Grid(
            ("Availability", "Service credit"),
            ("at least {first} but less than {below}", "{pct}"),
            ("less than {below}", "{pct}"),
        ),
        Grid(("Uptime", "Credit"), ("{first} to < {below}", "{pct}"), ("< {below}", "{pct}")),
        Grid(
            ("Availability achieved", "Credit (% of fees)"),
            (">= {first} and < {below}", "{pct}"),
            ("< {below}", "{pct}"),
        ),
        Grid(
            ("Uptime percentage", "Credit"), ("below {below}, not below {first}", "{pct}"), ("below {below}", "{pct}")
        ),
    ),
}
