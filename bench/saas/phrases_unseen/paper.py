"""Held out: papers and what the parties are called."""

from bench.saas.bank import Paper, Section
from bench.saas.voice import Roles

_COVER = (Roles("Customer", "Provider"),)
ROLES = (
    Roles("Licensee", "Licensor", "the "),
    Roles("Purchaser", "Service Provider", "the "),
    Roles("User Organisation", "Host", "the "),
    Roles("Customer", "Operator", "the "),
)
_MONEY = (
    "items",
    "total",
    "discount",
    "promotion",
    "currency",
    "billing",
    "payment",
    "interest",
    "minimum",
    "true_up",
    "rise",
)
_TIME = ("effective", "term", "expires", "renewal", "notice", "limit", "convenience", "cause")
_LEVELS = ("uptime", "credit", "claim", "chronic", "exclusions")
_VARIABLES = (
    "number",
    "parties",
    "effective",
    "term",
    "expires",
    "renewal",
    "notice",
    "billing",
    "payment",
    "currency",
    "interest",
    "minimum",
    "true_up",
    "rise",
    "discount",
    "uptime",
    "credit.cap",
    "credit.single",
    "cause",
    "cap",
    "insurance",
    "methods",
    "law",
    "signed",
)
PAPERS = (
    Paper(
        ("Cloud Service Agreement – Cover Page", "Cover Page to the Cloud Service Agreement"),
        (
            Section(("Variables", "Key Terms"), _VARIABLES, "pairs"),
            Section(
                ("Order: what is bought",), ("items", "total", "promotion", "discount"), "prices", fillers=("order",)
            ),
            Section(("Attachment 1: performance",), _LEVELS, fillers=("help",)),
            Section(
                ("Changes to the Standard Terms",),
                (*_MONEY[7:], "limit", "convenience", "cause", "renewal", "notice"),
                fillers=("law",),
            ),
        ),
        _COVER,
        "common-paper",
    ),
    Paper(
        ("Cover Page", "Key Terms and Order"),
        (
            Section(
                ("Order",),
                (
                    "items",
                    "total",
                    "billing",
                    "payment",
                    "currency",
                    "term",
                    "effective",
                    "discount",
                    "renewal",
                    "notice",
                ),
                "pairs",
                fillers=("order",),
            ),
            Section(("Key Terms",), _VARIABLES, "pairs"),
            Section(("Additional Terms",), (*_MONEY[2:], *_TIME[3:], "chronic", "claim"), fillers=("law", "secret")),
            Section(("Attachment: SLA",), _LEVELS, fillers=("help",)),
        ),
        _COVER,
        "bonterms",
    ),
    Paper(
        ("Hosted Application Licence Deed", "Deed of Licence for Hosted Applications"),
        (
            Section(("Background",), ("parties",)),
            Section(
                ("Interpretation",),
                ("effective", "term", "payment", "uptime", "minimum", "cap", "law", "rise"),
                fillers=("law",),
            ),
            Section(("Duration and exit",), _TIME, fillers=("exit",)),
            Section(("Standards of service",), _LEVELS, fillers=("help", "secret")),
            Section(("Risk",), ("cap", "insurance"), fillers=("promise",)),
            Section(("Boilerplate",), ("law", "methods"), fillers=("law",)),
            Section(("Schedule: Charges",), _MONEY, "prices", fillers=("order",)),
            Section(("Execution",), ("signed", "number")),
        ),
    ),
    Paper(
        ("Conditions of Purchase for Hosted Services", "Purchase Conditions (Hosted Services)"),
        (
            Section((), ("number", "parties", "signed")),
            Section(("Remuneration",), _MONEY, fillers=("order",)),
            Section(("Performance indicators",), _LEVELS, fillers=("help",)),
            Section(("Security and secrecy",), (), fillers=("secret",)),
            Section(("Insurances and liability",), ("insurance", "cap"), fillers=("promise",)),
            Section(("Coming into force, prolongation, ending",), _TIME, fillers=("exit",)),
            Section(("Closing provisions",), ("law", "methods"), fillers=("law",)),
        ),
        (
            Roles("Company", "Contractor", "the "),
            Roles("Buyer", "Seller"),
            Roles("Purchaser", "Service Provider", "the "),
        ),
    ),
    Paper(
        ("Software Services Contract", "Contract for Cloud Software"),
        (
            Section((), ("parties", "signed", "effective", "number")),
            Section(("Service Description",), (), fillers=("help",)),
            Section(
                ("Exhibit: Pricing", "Pricing"),
                ("items", "total", "discount", "promotion", "minimum", "true_up", "currency"),
                "prices",
                fillers=("order",),
            ),
            Section(
                ("Compensation",), ("currency", "billing", "payment", "interest", "rise", "minimum"), fillers=("order",)
            ),
            Section(("Effectiveness; Renewal; Default",), _TIME, fillers=("exit",)),
            Section(("Risk Allocation",), ("insurance", "cap"), fillers=("promise", "secret")),
            Section(("Exhibit: Performance",), _LEVELS, fillers=("help",)),
            Section(("Administrative Matters",), ("methods", "law"), fillers=("law",)),
        ),
        (Roles("Client", "Vendor"), Roles("Customer", "Company"), Roles("Subscriber", "Supplier")),
    ),
    Paper(
        ("Your Plan", "Plan Agreement"),
        (
            Section(("Who is who",), ("parties", "number", "signed")),
            Section(
                ("What it costs",),
                ("items", "total", "discount", "promotion", "minimum", "true_up"),
                "prices",
                fillers=("order",),
            ),
            Section(("How you pay",), ("currency", "billing", "payment", "interest")),
            Section(("When prices change",), ("rise",)),
            Section(("How long it lasts",), _TIME, fillers=("exit",)),
            Section(("What we promise",), _LEVELS, fillers=("help", "promise")),
            Section(("The small print",), ("cap", "insurance", "law", "methods"), fillers=("law", "secret")),
        ),
        (Roles("you", "we"),),
    ),
)
