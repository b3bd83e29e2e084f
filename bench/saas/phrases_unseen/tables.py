"""Held out: tables, and names of things."""

from bench.saas.bank import Grid, Words

WORDS = Words(
    methods={
        "post": ("prepaid letter post", "regular mail", "U.S. mail"),
        "registered_post": ("recorded and registered delivery post", "certified letter", "registered letter"),
        "courier": ("nationally recognised courier service", "overnight delivery service"),
        "hand": ("delivery in person", "hand delivery"),
        "email": ("electronic mail", "e-mail message"),
    },
    policies={
        "general_liability": ("public and general liability cover", "commercial general liability cover"),
        "professional_liability": (
            "errors and omissions (professional liability) cover",
            "professional indemnity cover",
        ),
        "cyber_liability": ("cyber risk cover", "cover for cyber and privacy liability"),
    },
    indexes={
        "CPI-U": ("US city average CPI-U", "CPI-U published by the Bureau of Labor Statistics"),
        "CPI": ("official consumer price index", "CPI (all items)", "national Consumer Prices Index"),
        "RPI": ("RPI (all items)", "Retail Price Index"),
        "HICP": ("HICP for the euro area", "harmonised index of consumer prices (HICP) of Eurostat"),
        "ECI": ("ECI published by the Bureau of Labor Statistics", "Employment Cost Index (total compensation)"),
    },
    windows={
        "month": ("month", "calendar month"),
        "quarter": ("quarter", "calendar quarter"),
        "year": ("year", "calendar year"),
    },
    units={
        "user per month": ("per seat and month", "a month per user", "/ user / month", "per month per user"),
        "user per year": ("per seat and year", "a year per user", "/ user / year"),
        "month": ("a month", "/ month", "monthly"),
        "year": ("a year", "/ year", "annually"),
        "": ("once",),
        "API call": ("per API call", "/ API call"),
        "document": ("per document", "/ document"),
        "GB per month": ("per GB and month", "/ GB / month"),
        "transaction": ("per transaction", "/ transaction"),
        "active device per month": ("per active device and month", "/ active device / month"),
    },
)
GRIDS = {
    "items": (
        Grid(("Quantity", "Name", "Fee", "Fee metric"), ("{qty}", "{product}", "{price}", "{unit}")),
        Grid(("Subscription", "Licensed quantity", "Recurring fee"), ("{product}", "{qty}", "{price}, {unit}")),
        Grid(("What you get", "How many", "Rate", "Rate basis"), ("{product}", "{qty}", "{price}", "{unit}")),
        Grid(
            ("SKU description", "Rate", "Basis", "Volume ordered", "Extended price"),
            ("{product}", "{price}", "{unit}", "{qty}", "{amount}"),
        ),
        Grid(
            ("#", "Subscription item", "Seats / units", "List rate"),
            ("{place}", "{product}", "{qty}", "{price} {unit}"),
        ),
        Grid(("Module", "Charge", "Charge basis", "Number"), ("{product}", "{price}", "{unit}", "{qty}")),
    ),
    "ramp": (
        Grid(("Fee", "Covers", "Name"), ("{price}", "{starts} through {ends}", "{product}")),
        Grid(("From", "Through", "Module", "Charge for the year"), ("{starts}", "{ends}", "{product}", "{price}")),
        Grid(("Subscription item", "Months covered", "Yearly charge"), ("{product}", "{starts} – {ends}", "{price}")),
    ),
    "tiers": (
        Grid(
            ("Volume of {things}", "Fee {unit}"),
            ("up to {last} (starting at {first})", "{price}"),
            ("unlimited (starting at {first})", "{price}"),
        ),
        Grid(("Fee", "applies to {things}"), ("{price}", "{first}–{last}"), ("{price}", "{first} and greater")),
        Grid(
            ("Lower bound", "Upper bound", "Charge {unit}"),
            ("{first}", "{last}", "{price}"),
            ("{first}", "no limit", "{price}"),
        ),
        Grid(("Band", "Charge {unit}"), ("{first} through {last}", "{price}"), ("{first} and up", "{price}")),
        Grid(("{things} in the period", "each"), ("{first} … {last}", "{price}"), ("from {first}", "{price}")),
    ),
    "credit": (
        Grid(
            ("Credit", "due where availability is"),
            ("{pct}", "at least {first}, short of {below}"),
            ("{pct}", "short of {below}"),
        ),
        Grid(
            ("Availability of the month, quarter or year", "Percentage credited"),
            ("{first} – {below} (upper value not included)", "{pct}"),
            ("lower than {below}", "{pct}"),
        ),
        Grid(
            ("Uptime reached in the period", "Share given back"),
            ("{first} or more, under {below}", "{pct}"),
            ("under {below}", "{pct}"),
        ),
        Grid(
            ("Actual uptime", "Uptime Credit"), ("under {below} down to {first}", "{pct}"), ("under {below}", "{pct}")
        ),
        Grid(("Measured availability A", "Credit"), ("{first} ≤ A < {below}", "{pct}"), ("A < {below}", "{pct}")),
    ),
}
