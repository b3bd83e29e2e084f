"""Papers and what the parties are called."""

from bench.saas.bank import Paper, Section
from bench.saas.voice import Roles

ROLES = (
    Roles("Customer", "Provider"),
    Roles("Customer", "Vendor"),
    Roles("Customer", "Supplier", "the "),
    Roles("Client", "Provider", "the "),
    Roles("Subscriber", "Company"),
)
_PRICE = (
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
_TERM = ("effective", "term", "expires", "renewal", "notice", "limit", "convenience", "cause")
_SLA = ("uptime", "credit", "claim", "chronic", "exclusions")
PAPERS = (
    Paper(
        ("Order Form", "Subscription Order Form", "Order Form – Cloud Services"),
        (
            Section(
                ("Order details", "Key information", "Summary"),
                (
                    "number",
                    "parties",
                    "signed",
                    "effective",
                    "term",
                    "expires",
                    "renewal",
                    "notice",
                    "currency",
                    "billing",
                    "payment",
                    "law",
                ),
                "pairs",
            ),
            Section(
                ("Services and fees", "Subscription fees", "Products"),
                ("items", "total", "discount", "promotion", "minimum", "true_up"),
                "prices",
            ),
            Section(
                ("Terms", "Additional terms", "Commercial terms"), (*_PRICE[7:], *_TERM), fillers=("use", "payment")
            ),
            Section(("Service levels", "Availability"), _SLA, fillers=("support",)),
            Section(
                ("General", "Miscellaneous"),
                ("cap", "insurance", "law", "methods"),
                fillers=("secrecy", "warranty", "data"),
            ),
        ),
    ),
    Paper(
        ("Master Subscription Agreement", "Software as a Service Agreement", "SaaS Subscription Agreement"),
        (
            Section((), ("parties", "signed", "effective", "number")),
            Section(("Services",), (), fillers=("use", "support")),
            Section(("Term and termination", "Duration"), _TERM, fillers=("wind_down",)),
            Section(("Fees and payment", "Charges", "Financial provisions"), _PRICE, fillers=("payment", "use")),
            Section(("Service level agreement", "Service levels"), _SLA, fillers=("support",)),
            Section(("Confidentiality and data",), (), fillers=("secrecy", "data")),
            Section(("Warranties, liability and insurance",), ("cap", "insurance"), fillers=("warranty",)),
            Section(("General provisions", "Final provisions"), ("law", "methods"), fillers=("general",)),
        ),
    ),
    Paper(
        ("Cloud Services Contract", "Agreement on the provision of software as a service"),
        (
            Section(("Parties",), ("parties", "number")),
            Section(
                ("Key terms",),
                (
                    "signed",
                    "effective",
                    "term",
                    "expires",
                    "currency",
                    "billing",
                    "payment",
                    "law",
                    "uptime",
                    "minimum",
                    "rise",
                    "discount",
                    "total",
                ),
                "pairs",
            ),
            Section(("Prices",), ("items", "total", "discount", "promotion"), "prices", fillers=("payment",)),
            Section(("Adjustment of prices",), ("rise", "minimum", "true_up")),
            Section(("Payment",), ("currency", "billing", "payment", "interest"), fillers=("payment",)),
            Section(("Availability of the services",), _SLA, fillers=("support",)),
            Section(("Term, renewal and notice",), _TERM, fillers=("wind_down",)),
            Section(("Liability",), ("cap", "insurance"), fillers=("warranty",)),
            Section(("Final clauses",), ("law", "methods"), fillers=("secrecy", "general")),
        ),
    ),
)
