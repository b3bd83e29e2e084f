"""What else stands in a contract, to be told apart from its terms."""

FILLERS = {
    "use": (
        "{C} shall not resell the Services or allow more than one individual to use the same login.",
        "{P} may suspend access after 10 days' warning if {C} should misuse the Services.",
        "The Services may be used by affiliates of {Co} in which it holds more than 50% of the shares.",
    ),
    "payment": (
        "{C} may dispute an invoice in good faith within 15 days of receiving it, stating its reasons.",
        "All fees are exclusive of value added tax, currently charged at 20%.",
        "Bank details: account 40127736, sort code 20-11-08.",
        "Travel expenses above 500.00 per trip require prior approval.",
    ),
    "support": (
        "Support is available on weekdays from 9:00 to 17:00; critical incidents receive a first response within 4 hours.",
        "{P} will make a backup every 24 hours and keep it for 35 days.",
        "Planned maintenance is announced at least 5 days in advance.",
    ),
    "wind_down": (
        "On termination, {P} shall make a copy of all customer data available for 30 days.",
        "Sections which by their nature should survive will survive termination for 5 years.",
        "Upon the end of the agreement each party shall return confidential material within 14 days.",
    ),
    "secrecy": (
        "The duty of confidentiality continues for 3 years after the end of this agreement.",
        "Each party shall keep the other's confidential information secret for a period of five (5) years from its disclosure.",
    ),
    "warranty": (
        "{P} warrants for 90 days from delivery that the software performs materially as documented.",
        "If a defect is reported within 60 days, {P} shall repair it free of charge.",
        "Neither party is liable for indirect or consequential loss.",
    ),
    "data": (
        "{P} shall report personal data breaches within 72 hours of becoming aware of them.",
        "{P} was last certified to ISO 27001 on 14 February 2021.",
    ),
    "general": (
        "Neither party is responsible for delay caused by force majeure; if it lasts longer than 60 days, the parties shall consult.",
        "This agreement supersedes the letter of intent dated 3 March 2020.",
        "If any provision is invalid, the rest of the agreement stays in force.",
        "Neither party shall hire the other's staff for 12 months after the end of this agreement.",
    ),
}
