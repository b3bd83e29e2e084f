"""Places whose law can govern a contract, and the adjectives that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.values.windows import Found

_LISTED = (
    # States of the United States
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|"
    "Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|"
    "Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|"
    "New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|"
    "Puerto Rico|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|"
    "Washington|West Virginia|Wisconsin|Wyoming|"
    # Provinces and states of Canada and Australia
    "Alberta|British Columbia|Manitoba|New Brunswick|Nova Scotia|Ontario|Quebec|Saskatchewan|"
    "New South Wales|Queensland|South Australia|Tasmania|Victoria|Western Australia|"
    # Countries and other legal systems
    "Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Bermuda|Brazil|Bulgaria|Canada|British Virgin Islands|Cayman Islands|Chile|"
    "Colombia|Costa Rica|Croatia|Cyprus|Czech Republic|Denmark|Dominican Republic|Ecuador|Egypt|England and Wales|England|Estonia|Finland|"
    "France|Germany|Ghana|Gibraltar|Greece|Guernsey|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|"
    "Isle of Man|Israel|Italy|Japan|Jersey|Kazakhstan|Kenya|Kuwait|Latvia|Liechtenstein|Lithuania|Luxembourg|Malaysia|"
    "Malta|Mauritius|Marshall Islands|Mexico|Monaco|Netherlands|New Zealand|Nigeria|Northern Ireland|Norway|"
    "Pakistan|Panama|Papua New Guinea|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Saudi Arabia|Scotland|Serbia|"
    "Singapore|Slovakia|Slovenia|South Africa|South Korea|Spain|Sri Lanka|Sweden|Switzerland|Thailand|Turkey|"
    "Ukraine|Uzbekistan|United Arab Emirates|United Kingdom|United States of America|United States|Uruguay|"
    "Venezuela|Vietnam|Wales"
)
_NAMES = _LISTED.split("|")
_ALIASES = {
    "hong kong": "Hong Kong",
    "taiwan": "Taiwan",
    "washington, d.c.": "District of Columbia",
    "washington d.c.": "District of Columbia",
    "washington, dc": "District of Columbia",
    "england & wales": "England and Wales",
    "the people's republic of china": "China",
    "people's republic of china": "China",
    "p.r.c.": "China",
    "prc": "China",
    "china": "China",
    "russian federation": "Russia",
    "republic of korea": "South Korea",
    "state of israel": "Israel",
    "québec": "Quebec",
}
_ADJECTIVES = {
    "english": "England and Wales", "scots": "Scotland", "scottish": "Scotland",
    "irish": "Ireland", "dutch": "Netherlands", "french": "France", "german": "Germany",
    "swiss": "Switzerland", "austrian": "Austria", "belgian": "Belgium", "danish": "Denmark",
    "swedish": "Sweden", "norwegian": "Norway", "finnish": "Finland", "spanish": "Spain",
    "italian": "Italy", "portuguese": "Portugal", "polish": "Poland", "israeli": "Israel",
    "japanese": "Japan", "chinese": "China", "indian": "India", "canadian": "Canada",
}  # fmt: skip
_PLACES = {name.lower(): name for name in _NAMES} | _ALIASES
_PLACE = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(_PLACES, key=len, reverse=True))
_MENTION = re.compile(
    rf"\b(?:(?P<place>{_PLACE})(?!\w)|(?P<adjective>{'|'.join(_ADJECTIVES)})\s+laws?\b)",
    re.IGNORECASE,
)


def places_in(text: str) -> Iterator[Found[str]]:
    """Yield every place of the text by its usual English name."""
    for match in _MENTION.finditer(text):
        if match["adjective"]:
            name = _ADJECTIVES[match["adjective"].lower()]
        else:
            name = _PLACES[" ".join(match["place"].lower().split())]
        yield Found(name, match.start(), match.end())
