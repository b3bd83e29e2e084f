"""Words that lawyers use for each category of contract review; the second look counts them in doubtful passages.

The categories are those of CUAD (Hendrycks et al. 2021, https://arxiv.org/abs/2103.06268).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

CATEGORIES: tuple[str, ...]
MOST_PATTERNS = 4

_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "Affiliate License-Licensee": (
        r"\blicens\w+\b[^.]{0,300}\b(?:and|or|its|their)\s+(?:\w+\s+){0,3}(?:affiliates|subsidiaries)",
        r"\b(?:affiliates|subsidiaries)\b[^.]{0,200}\b(?:licens\w+|right to use)",
        r"\bgrants?\b[^.]{0,120}\bto\b[^.]{0,80}\baffiliates",
    ),
    "Affiliate License-Licensor": (
        r"\b(?:on behalf of|behalf of itself and|cause)\b[^.]{0,60}\baffiliates\b[^.]{0,200}\b(?:grant|licens)",
        r"\baffiliates?\b,?\s+(?:hereby\s+|do(?:es)?\s+)?(?:hereby\s+)?grants?",
        r"\bowned or controlled by\b[^.]{0,80}\baffiliates",
    ),
    "Agreement Date": (
        r"\b(?:dated|made|entered into)\b[^.]{0,60}\b(?:as of|on|this)\b",
        r"\b(?:19|20)\d\d\b",
    ),
    "Anti-Assignment": (
        r"\b(?:not|neither|no)\b[^.]{0,200}\bassign\w*\b",
        r"\bassign\w*\b[^.]{0,200}\b(?:without|prior)\b[^.]{0,80}\bconsent",
        r"\b(?:null and void|of no effect|void)\b",
    ),
    "Audit Rights": (
        r"\b(?:audit|inspect|examin)\w*\b",
        r"\bbooks\b[^.]{0,40}\b(?:records|accounts)\b",
        r"\b(?:keep|maintain)\b[^.]{0,60}\brecords\b",
    ),
    "Cap On Liability": (
        r"\bin no event\b|\bunder no circumstances\b|\bshall not (?:be liable|exceed)\b",
        r"\b(?:aggregate|total|maximum|cumulative|entire)\b[^.]{0,60}\bliabilit",
        r"\b(?:consequential|incidental|indirect|punitive|special)\b[^.]{0,60}\bdamages\b",
        r"\blimited to\b",
    ),
    "Change Of Control": (
        r"\bchange[\s-]+(?:of|in)[\s-]+(?:\w+\s+)?(?:control|ownership)",
        r"\b(?:merger|merges?|consolidat\w+|acquisition|acquired|reorgani[sz]ation|sale of (?:all|substantially))\b",
        r"\bby operation of law\b",
    ),
    "Competitive Restriction Exception": (
        r"\b(?:notwithstanding|except|provided(?:,)? (?:however|that)|nothing (?:in|herein|contained)|shall not (?:apply|prevent|prohibit|restrict)|other than|unless)\b",
        r"\b(?:compet\w+|exclusiv\w+|non-compet\w+)\b",
    ),
    "Covenant Not To Sue": (
        r"\bcovenants?\s+not\s+to\s+(?:sue|assert|bring)|\bnot\s+(?:to\s+)?(?:\w+\s+)?(?:contest|challenge|attack|dispute|assert)\b",
        r"\b(?:validity|ownership|title)\b",
        r"\breleases?\b[^.]{0,80}\b(?:claims|discharge)",
        r"\b(?:waives?|relinquish)\b[^.]{0,60}\b(?:claim|right)",
    ),
    "Document Name": (r"\bagreement\b",),
    "Effective Date": (
        r"\beffective\s+(?:as of|date|on)\b|\bcommenc\w+\b",
        r"\b(?:19|20)\d\d\b",
    ),
    "Exclusivity": (
        r"\b(?:sole\s+and\s+)?exclusiv(?:e|ely|ity)\b",
        r"\b(?:only|solely|sole)\b",
        r"\b(?:not|refrain)\b[^.]{0,100}\b(?:purchase|obtain|engage|grant|appoint|sell|license)\b",
        r"\bexclusive\b[^.]{0,40}\b(?:right|supplier|provider|distributor|license|agent|partner|territory|manufacturer)",
    ),
    "Expiration Date": (
        r"\b(?:term|agreement)\b[^.]{0,160}\b(?:continue|remain|expire|terminate|end|period of|years?|until|commence)",
        r"\bunless\b[^.]{0,40}\b(?:terminated|earlier|sooner)",
        r"\binitial term\b|\bin (?:full )?(?:force|effect)\b",
    ),
    "Governing Law": (
        r"\b(?:governed|construed|interpreted|enforced)\b[^.]{0,120}\blaws?\b",
        r"\blaws? of\b",
    ),
    "Insurance": (
        r"\binsur\w+\b|\bpolic(?:y|ies)\b|\bself-insur",
        r"\b(?:additional insured|certificate|coverage|general liability|workers'? compensation|umbrella|per occurrence)\b",
    ),
    "Ip Ownership Assignment": (
        r"\b(?:assigns?|transfers?|conveys?|vest\w*)\b[^.]{0,160}\b(?:right|title|interest|patent|copyright|ownership|intellectual)",
        r"\bwork(?:s)?[\s-]+(?:made[\s-]+)?for[\s-]+hire\b",
        r"\b(?:sole|exclusive)\b[^.]{0,30}\b(?:property|owner|ownership)\b",
        r"\bown(?:s|ed|ership)?\b",
    ),
    "Irrevocable Or Perpetual License": (
        r"\b(?:irrevocabl|perpetual)\w*",
        r"\blicens\w+\b|\bright\b",
    ),
    "Joint Ip Ownership": (
        r"\bjoint(?:ly)?[\s-]*(?:own\w*|develop\w*|and\s+equal\w*|propert\w+|invent\w+|ip|patents?|work)|\bco-?own",
        r"\b(?:equal|undivided)\b[^.]{0,40}\b(?:share|interest|own)",
        r"\bjoint",
    ),
    "License Grant": (
        r"\bgrants?\b[^.]{0,160}\b(?:licen[sc]e|right|sublicen[sc]e)",
        r"\b(?:non-?exclusive|royalty-free|worldwide|exclusive|limited)\b[^.]{0,60}\blicen[sc]e",
        r"\bhereby\s+(?:\w+\s+)?(?:grants?|licen[sc]es)",
    ),
    "Liquidated Damages": (
        r"\bliquidated\s+damages\b|\bnot (?:as )?a penalty\b",
        r"\btermination\s+(?:fee|payment)|\bearly termination\b",
        r"\bpenalt(?:y|ies)\b|\blump sum\b",
        r"\bpay\b[^.]{0,80}\b(?:sum|amount|fee)\b",
    ),
    "Minimum Commitment": (
        r"\bminimum\b|\bat least\b|\bnot less than\b|\bno less than\b|\bno fewer\b",
        r"\b(?:purchase|order|buy|pay|spend|sell|commit\w*|guarantee\w*|royalt\w+|deliver)\b",
        r"\b(?:take[\s-]or[\s-]pay|shortfall|minimum (?:annual|purchase|order|quantit|guarante|royalt|payment|commit))",
    ),
    "Most Favored Nation": (
        r"\bmost[\s-]+favou?red\b|\bfavou?red\s+(?:nation|customer)|\b(?:no|not)\s+less\s+favou?rable\b|\bmore\s+favou?rable\b|\bas\s+favou?rable\b|\bat least as favou?rable\b",
        r"\blowe(?:st|r)\s+(?:price|rate|royalt)|\bbest\s+(?:price|rate)|\bbetter\s+(?:price|terms)",
        r"\b(?:any|other)\s+(?:other\s+)?(?:third\s+part|customer|licensee|purchaser|person|part)",
    ),
    "No-Solicit Of Customers": (
        r"\bsolicit\w*\b[^.]{0,200}\b(?:customer|client|subscriber|account|end[\s-]*user|member|advertiser|viewer|insured|policy)",
        r"\b(?:divert|entice|induce|contact|market to)\b[^.]{0,100}\b(?:customer|client|business|user)",
    ),
    "No-Solicit Of Employees": (
        r"\b(?:solicit|hire|employ|recruit|entice|induce|engage)\w*\b[^.]{0,160}\b(?:employee|personnel|employ|staff|person|consultant|contractor)",
        r"\bnon-?solicit",
    ),
    "Non-Compete": (
        r"\b(?:not|nor|never|neither|refrain)\b[^.]{0,200}\b(?:compet\w+|engage in|operate|similar)\b",
        r"\bcompetitive\s+with\b|\bcompet(?:e|es|ing|itor|itors|itive)\b",
        r"\bdirectly or indirectly\b",
    ),
    "Non-Disparagement": (
        r"\bdisparag\w*|\bderogat\w*|\bdefam\w*|\bdenigrat\w*|\bnegative (?:light|statement|comment|remark)|\bscandal\w*|\bill[\s-]?repute|\bdisrepute|\bdiminish\b|\btarnish|\bderogat|\bdiscredit|\binjur\w+\b[^.]{0,30}\breputation",
    ),
    "Non-Transferable License": (
        r"\bnon-?\s?(?:transferabl|assignabl|sub-?licen[sc])\w*",
        r"\b(?:not|no|without)\b[^.]{0,100}\b(?:transfer|assign|sub-?licen[sc])\w*",
        r"\blicen[sc]e",
    ),
    "Notice Period To Terminate Renewal": (
        r"\b(?:renew\w*|extend\w*|extension)\b",
        r"\b(?:notice|notif\w+)\b",
        r"\b(?:days|months)\b",
        r"\bunless\b|\bprior to\b",
    ),
    "Parties": (
        r"\bby and (?:between|among)\b|\bbetween\b",
        r"\b(?:inc|llc|ltd|corporation|company|limited|l\.p|gmbh)\b",
        r"\((?:the|hereinafter|herein)?",
    ),
    "Post-Termination Services": (
        r"\b(?:upon|after|following|on|in the event of)\b[^.]{0,60}\b(?:terminat\w+|expir\w+|cancell?ation)",
        r"\bsurviv\w+\b",
        r"\b(?:sell[\s-]?off|wind[\s-]?(?:down|up)|transition|return|destroy|inventory|continue to|remaining|phase)\b",
    ),
    "Price Restrictions": (
        r"\b(?:increase|raise|adjust|change|modif|fix|reduc|decrease)\w*\b[^.]{0,100}\b(?:price|fee|rate|royalt|charge)s?\b|\b(?:price|fee|rate|charge)s?\b[^.]{0,100}\b(?:increase|raise|adjust|change|fixed|remain)",
        r"\b(?:more than|exceed|in excess of|no event|not)\b[^.]{0,60}(?:%|percent|per cent|index|cpi)",
        r"\bprice",
    ),
    "Renewal Term": (
        r"\b(?:renew\w*|extend\w*|extension)\b",
        r"\b(?:successive|additional|automatic\w*|further|subsequent|option)\b",
        r"\b(?:year|month)s?\b",
    ),
    "Revenue/Profit Sharing": (
        r"(?:%|percent|per cent)[^.]{0,80}\b(?:of|net|gross|revenue|sales|profit)",
        r"\b(?:royalt\w+|commission\w*|revenue|profit)s?\b",
        r"\b(?:shar\w+|split|pay|receive|entitled)\b",
        r"\b(?:net|gross)\s+(?:sales|revenue|profit|receipt|income|proceed)",
    ),
    "Rofr/Rofo/Rofn": (
        r"\b(?:right|option)\s+of\s+first\b|\bfirst\s+(?:right|option|refusal|offer|negotiat\w+|opportunity)\b|\brof[ron]\b",
        r"\b(?:offer|match|exercise|negotiat\w+)\b[^.]{0,100}\b(?:days|notice|third party|good faith)",
        r"\boption\b",
    ),
    "Source Code Escrow": (
        r"\bescrow\b",
        r"\bsource\s+(?:code|material)s?\b",
        r"\b(?:deposit|release\s+condition|release\s+event)",
    ),
    "Termination For Convenience": (
        r"\bterminat\w*\b[^.]{0,160}\b(?:at any time|for any reason|without cause|for convenience|no reason|with or without|sole discretion|upon\b[^.]{0,60}\bnotice)",
        r"\b(?:without|with or without)\s+(?:any\s+)?(?:cause|reason)\b|\bfor convenience\b|\bany reason\b",
        r"\b(?:cancel|terminat)\w*\b[^.]{0,80}\bnotice\b",
    ),
    "Third Party Beneficiary": (
        r"\bthird[\s-]party\s+beneficiar\w+|\bbeneficiar(?:y|ies)\b",
        r"\b(?:intended|express|deemed)\b",
    ),
    "Uncapped Liability": (
        r"\b(?:except|excluding|other than|notwithstanding|not apply|shall not limit|unless|provided)\b",
        r"\b(?:gross(?:ly)? negligen\w+|wil+ful|indemnif\w+|confidential\w*|breach|fraud|infring\w+|death|personal injury)\b",
        r"\b(?:liab\w+|limitation)\b",
        r"\b(?:unlimited|without limit)",
    ),
    "Unlimited/All-You-Can-Eat-License": (
        r"\b(?:unlimited|enterprise[\s-]wide|site[\s-]licen|any number|without limit\w*|as many|unrestricted)\b",
        r"\blicen[sc]\w+|\bright\b",
        r"\b(?:copies|users|number|use)\b",
    ),
    "Volume Restriction": (
        r"\b(?:no more than|not (?:to )?exceed|up to|maximum|in excess of|exceeds?|more than|limited to|limit)\b",
        r"\b(?:per (?:month|year|hour|day|week)|hours|users|units|copies|number|capacity|times|volume|additional)\b",
        r"\badditional\s+(?:fee|charge|cost)",
    ),
    "Warranty Duration": (
        r"\bwarrant\w*\b|\bguarant\w*\b",
        r"\b(?:days?|months?|years?)\b",
        r"\b(?:repair|replace|defect\w*|workmanship|conform\w*)\b",
        r"\bwarranty\s+period\b",
    ),
}
CATEGORIES = tuple(sorted(_PATTERNS))
_COMPILED = {name: tuple(re.compile(one) for one in found) for name, found in _PATTERNS.items()}
_MOST = 3  # hits of one pattern that still tell something


def hits(category: str, text: str) -> list[int]:
    """Return how often each pattern of the category occurs in a text in lower case, padded to the same length for all categories."""
    counts = [len(list(islice(one.finditer(text), _MOST))) for one in _COMPILED[category]]
    return counts + [0] * (MOST_PATTERNS - len(counts))
