"""What is bought, in sentences."""

PHRASES = {
    "item.seats": (
        "The fee for {product} is {price} {unit}, for {qty} units.",
        "{C} shall pay {price} {unit} for {product} ({qty} users).",
        "{product}: {qty} users at {price} {unit}.",
        "{C} orders {qty} users of {product} at a price of {price} {unit}.",
        "{P} provides {product} to {qty} users for {price} {unit}.",
        "Subscription fee for {product}: {price} {unit}, {qty} users.",
    ),
    "item.flat": (
        "The subscription fee for {product} is {price} {unit}.",
        "{C} shall pay {price} {unit} for {product}.",
        "{product} is provided for a flat fee of {price} {unit}.",
        "For the use of {product} a fee of {price} {unit} is charged.",
        "{P} shall charge {price} {unit} for {product}.",
        "The fee for {product} amounts to {price} {unit}.",
    ),
    "item.once": (
        "A one-time fee of {price} is payable for {product}.",
        "{C} shall pay a one-off charge of {price} for {product}.",
        "{product}: {price} (one-time).",
    ),
    "item.ramp": (
        "The annual fees for {product} are as follows: {rows}.",
        "{C} shall pay for {product}: {rows}.",
        "The subscription to {product} is priced in steps: {rows}.",
    ),
    "ramp.row": (
        "contract year {year} ({starts} to {ends}): {price}",
        "{price} for year {year}, from {starts} until {ends}",
        "from {starts} to {ends}: {price} per year",
        "year {year}: {price} ({starts} to {ends})",
        "for the period from {starts} to {ends}, {price}",
    ),
    "ramp.intro": (
        "The annual fees for {product} are set out below.",
        "Fees for {product} by contract year:",
        "{product} is charged as follows:",
    ),
    "tiers.intro": (
        "{product} is charged {unit}, by volume, according to the following table.",
        "The price of {product}, charged {unit}, depends on the number of {things}:",
        "Rate card for {product} (prices {unit}):",
    ),
    "item.tiers": (
        "{product} is charged {unit} at the following rates: {rows}.",
        "For {product}, {C} shall pay: {rows}. All rates apply {unit}.",
        "The volume prices for {product} are as follows ({unit}): {rows}.",
        "The fee for {product} is determined by volume and charged {unit}: {rows}.",
    ),
    "tier.row": (
        "{price} for units {first} to {last}",
        "from {first} up to {last} {things}: {price}",
        "{first} - {last}: {price}",
        "{first} to {last} {things} at {price} each",
        "a unit price of {price} for {first} to {last} {things}",
        "units {first} to {last} are charged at {price}",
    ),
    "tier.row.open": (
        "{price} for units {first} and above",
        "from {first} {things}: {price}",
        "more than {over}: {price}",
        "{first} or more {things} at {price} each",
        "a unit price of {price} for {first} or more {things}",
        "units from {first} onwards are charged at {price}",
    ),
}

PAIRS: dict[str, tuple[str, ...]] = {}
