"""Tables and the names of things, in many voices."""

from dataclasses import replace

from bench.saas.bank import Grid, Words
from bench.saas.phrases_dev.tables import WORDS as DEV

WORDS: Words = replace(
    DEV,
    windows={
        "month": ("month", "calendar month", "service month", "month of the term"),
        "quarter": ("quarter", "calendar quarter", "contract quarter"),
        "year": ("year", "calendar year", "contract year"),
    },
    units={
        "user per month": (
            "per seat per month", "/user/mo", "per named user, per month", "each month for each user",
            "per user monthly", "a user a month", "per month and user", "monthly per user",
            "per User/month", "per seat/month",
        ),
        "user per year": (
            "per seat per year", "/user/yr", "per named user, per annum", "each year for each user", "per user annually",
            "per user p.a.", "a user a year", "per year and user", "annually per seat", "per User/year",
        ),
        "month": ("a month", "monthly", "each month", "/month", "per mo.", "every month", "for each month", "p.m."),
        "year": ("a year", "annually", "each year", "/year", "p.a.", "every year", "yearly", "for each year", "per contract year"),
        "": ("one-off", "non-recurring", "once", "one time", "single charge", "upfront"),
        "API call": ("per call to the API", "/API call", "for each API call", "each API call"),
        "document": ("for each document", "/document", "a document", "per processed document"),
        "GB per month": ("per gigabyte per month", "/GB/month", "per GB monthly", "for each GB each month"),
        "transaction": ("for each transaction", "/transaction", "a transaction", "per completed transaction"),
        "active device per month": (
            "per active device monthly", "/active device/month", "for each active device each month", "per active device and month",
        ),
    },
)  # fmt: skip

GRIDS: dict[str, tuple[Grid, ...]] = {
    "items": (
        Grid(
            ("SKU", "Description", "Users", "List", "Term fee"),
            ("A-{place}", "{product}", "{qty}", "{price} {unit}", "{amount}"),
        ),
        Grid(("Offering", "Metric", "Rate", "Volume"), ("{product}", "{unit}", "{price}", "{qty}")),
        Grid(
            ("Pos.", "Service", "No. of units", "Net price", "Billing basis"),
            ("{place}", "{product}", "{qty}", "{price}", "{unit}"),
        ),
        Grid(("Subscription", "Seats", "Rate", "Charged"), ("{product}", "{qty}", "{price}", "{unit}")),
        Grid(
            ("Cloud Service", "Usage metric", "Quantity", "Unit net fee", "Net fee"),
            ("{product}", "{unit}", "{qty}", "{price}", "{amount}"),
        ),
        Grid(("What you get", "How many", "What it costs"), ("{product}", "{qty}", "{price} {unit}")),
        Grid(("Qty", "Item", "Fee", "Frequency"), ("{qty}", "{product}", "{price}", "{unit}")),
        Grid(("Module", "Charge", "Basis of charge", "Number"), ("{product}", "{price}", "{unit}", "{qty}")),
    ),
    "ramp": (
        Grid(("Year", "Service", "Amount"), ("{year}", "{product}", "{price}")),
        Grid(("Subscription period", "Description", "Charge"), ("{starts} - {ends}", "{product}", "{price}")),
        Grid(("Offering", "Begin", "Finish", "Yearly charge"), ("{product}", "{starts}", "{ends}", "{price}")),
        Grid(("Item", "Valid from", "Valid until", "Amount p.a."), ("{product}", "{starts}", "{ends}", "{price}")),
        Grid(
            ("Contract Year", "Service", "Dates", "Amount due"),
            ("Y{year}", "{product}", "{starts} through {ends}", "{price}"),
        ),
        Grid(("Product", "Year", "Annual charge"), ("{product}", "Year {year} ({starts} - {ends})", "{price}")),
    ),
    "tiers": (
        Grid(("Up to", "Fee {unit}"), ("{last}", "{price}"), ("unlimited", "{price}")),
        Grid(
            ("Band", "Lower limit", "Upper limit", "Charge"),
            ("Band", "{first}", "{last}", "{price}"),
            ("Band", "{first}", "none", "{price}"),
        ),
        Grid(("Monthly {things}", "Price each"), ("{first}–{last}", "{price}"), ("{first} and up", "{price}")),
        Grid(("{things}", "Rate"), ("{first} through {last}", "{price}"), ("{first} or more", "{price}")),
        Grid(("Minimum", "Maximum", "Unit charge"), ("{first}", "{last}", "{price}"), ("{first}", "", "{price}")),
        Grid(
            ("Level", "Number of {things}", "Fee"),
            ("Level", "up to {last}", "{price}"),
            ("Level", "above {over}", "{price}"),
        ),
        Grid(("Price", "Quantity"), ("{price}", "{first} to {last}"), ("{price}", "> {over}")),
        Grid(("Volume band", "Rate {unit}"), ("{first}-{last}", "{price}"), ("{first} upwards", "{price}")),
    ),
    "credit": (
        Grid(("Uptime reached", "You get back"), ("{first} - {below}", "{pct}"), ("under {below}", "{pct}")),
        Grid(
            ("Availability Band", "Rebate"),
            (">= {first} but < {below}", "{pct} of charges"),
            ("< {below}", "{pct} of charges"),
        ),
        Grid(
            ("Lower bound", "Upper bound", "Service Credit"),
            ("{first}", "{below}", "{pct}"),
            ("0%", "{below}", "{pct}"),
        ),
        Grid(("Availability in the period", "Fee reduction"), ("below {below}", "{pct}"), ("below {below}", "{pct}")),
        Grid(("Credit", "Uptime"), ("{pct}", "{first} to below {below}"), ("{pct}", "below {below}")),
        Grid(("Actual availability", "Reduction of charges"), ("< {below} - {first}", "{pct}"), ("< {below}", "{pct}")),
        Grid(
            ("Level", "Availability", "Rebate on fees"),
            ("L", "no less than {first} and under {below}", "{pct}"),
            ("L", "under {below}", "{pct}"),
        ),
    ),
}
