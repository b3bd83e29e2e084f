"""Held out: what is bought, in sentences."""

PHRASES = {
    "item.seats": (
        "For every seat of {product}, of which {C} takes {qty}, the charge is {price} {unit}.",
        "{qty} seats of {product} are ordered; each costs {price} {unit}.",
        "Order: {product} for {qty} named individuals. Charge: {price} {unit}.",
        "{product} – quantity: {qty} – unit fee: {price} {unit}.",
        "Subscription to {product}: {qty} seats, each billed at {price} {unit}.",
    ),
    "item.flat": (
        "The platform charge for {product} comes to {price} {unit}, regardless of the number of users.",
        "{price} {unit} buys unlimited use of {product}.",
        "Access to {product} is billed at {price} {unit}, all-inclusive.",
        "The recurring fee for {product} shall be {price} {unit}.",
        "{product} – recurring fee: {price} {unit}.",
    ),
    "item.once": (
        "{product} will be billed once, at {price}.",
        "Non-recurring: {product}, {price}.",
        "Upon signature {C} owes {price} for {product}, once only.",
        "{product} carries a non-recurring fee of {price}.",
    ),
    "item.ramp": (
        "Charges for {product} step up over time. {rows}.",
        "A graduated charge has been agreed for {product}: {rows}.",
        "Fees for {product} shall ramp as follows: {rows}.",
    ),
    "ramp.row": (
        "{starts} through {ends}, {price} for the year",
        "year {year} ({starts} – {ends}) costs {price}",
        "for the twelve months beginning {starts} and ending {ends}, {price}",
        "{price}, covering {starts} through {ends}",
        "contract year {year}, which runs {starts} – {ends}, at {price}",
    ),
    "ramp.intro": (
        "The charge for {product} grows with the contract, as shown.",
        "Stepped yearly charges, {product}",
        "Payment schedule for {product}",
    ),
    "tiers.intro": (
        "Charges for {product} ({unit}) fall as volume grows:",
        "Volume bands, {product}, charge {unit}",
        "For {product} the band into which consumption falls decides the charge {unit}.",
        "Tiered pricing applies to {product} ({unit}):",
    ),
    "item.tiers": (
        "What {C} pays for {product} depends on volume. The charge {unit} is as follows: {rows}.",
        "Consumption of {product} is billed {unit} in bands, namely {rows}.",
        "Tiered pricing applies to {product}, {unit}: {rows}.",
        "The rate {unit} that {C} pays for {product} is set by volume: {rows}.",
    ),
    "tier.row": (
        "band {first} to {last}, {price} each",
        "{things} {first} through {last} cost {price} each",
        "{price} as long as the volume lies between {first} and {last}",
        "{things} numbered {first} through {last}, {price} apiece",
        "{first}–{last} {things} @ {price}",
        "volumes of {first} through {last}, a rate of {price}",
    ),
    "tier.row.open": (
        "band {first} and up, {price} each",
        "{things} {first} and beyond cost {price} each",
        "{price} where the volume is {first} or higher",
        "{things} numbered {first} and upwards, {price} apiece",
        "{first} plus {things} @ {price}",
        "volumes of {first} and greater, a rate of {price}",
    ),
}

PAIRS: dict[str, tuple[str, ...]] = {}
