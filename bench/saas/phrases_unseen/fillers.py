"""Held out: what else stands in a contract, to be told apart from its terms."""

FILLERS = {
    "order": (
        "Purchase order numbers are printed on bills for convenience; they change nothing in these terms.",
        "Sales taxes (currently 8.875% in some places) come on top.",
        "Objections to a bill are to be raised in the 20 days after it was sent.",
        "Expenses of more than 750 need a written go-ahead.",
    ),
    "help": (
        "The help desk picks up priority-one calls in 30 minutes, around the clock.",
        "Data is copied to a second site every 6 hours; the recovery time objective is 12 hours.",
        "Release notes are published 2 weeks ahead of a new version.",
    ),
    "exit": (
        "For 45 days after the end, {C} may fetch its data in a common format; 90 days after the end, all of it is erased.",
        "Whoever holds the other side's equipment returns it in the 10 days after the end.",
    ),
    "secret": (
        "What is marked confidential stays so for 4 years after disclosure.",
        "Security incidents are reported in 48 hours, and penetration tests are run every 6 months.",
        "Secrecy outlives these terms by seven (7) years.",
    ),
    "promise": (
        "For 120 days after delivery of any custom work, defects in it are put right without charge.",
        "Lost profit cannot be claimed by either side.",
    ),
    "law": (
        "If an event beyond control lasts for 40 days, the sides will meet to find a way forward.",
        "An earlier letter of understanding, of 9 June 2019, is superseded.",
        "Staff of the other side will not be poached for 18 months.",
        "A person holds control of a firm where it owns 50% of the votes or more.",
    ),
}
