"""The portfolio in figures; each of them leads to its rows."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from domain.access import Act, FieldClass
from domain.money import Money
from store import access
from store.views import portfolio as view
from web.dependencies import Context
from web.rendering import page
from web.viewer import Asking

router = APIRouter(include_in_schema=False)


@router.get("/portfolio")
def figures(request: Request, context: Context, viewer: Asking) -> HTMLResponse:
    """Show what is in force, what ends when, what leaks and what came back."""
    people = context.business.people
    wanted = view.Wanted(
        access.visible(viewer, people), access.showing(viewer, people, FieldClass.PRICE), context.clock().date(),
        viewer.everywhere(Act.CLAIM),
    )  # fmt: skip
    with context.database.read() as connection:
        expiry, trend = view.by_expiry(connection, wanted), view.trend(connection, wanted)
        values = {
            "counts": view.counts(connection, wanted),
            "closing": view.closing(connection, wanted),
            "expiry": expiry,
            "completeness": view.completeness(connection, wanted),
            "biggest": view.biggest(connection, wanted),
            "leakage": view.leakage(connection, wanted),
            "credits": view.credits_of(connection, wanted),
            "trend": trend,
        }
    charts = {"expiry_chart": _expiry(expiry), "trend_charts": [_trend(one) for one in trend]}
    return page(request, "portfolio.html", {**values, **charts})


def _expiry(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the number of contracts that end in each quarter: money of several currencies has no common height."""
    links = [f"/contracts?ends_from={row['first']}&ends_to={row['last']}" for row in rows]
    series = [{"name": "contracts", "values": [row["count"] for row in rows], "links": links}]
    return {"kind": "bar", "labels": [row["label"] for row in rows], "series": series, "unit": ""}


def _trend(one: dict[str, Any]) -> dict[str, Any]:
    months = one["months"]
    series = [{"name": name, "values": [_number(month[name]) for month in months]} for name in ("found", "recovered")]
    return {"kind": "bar", "labels": [f"{month['month']:%b %Y}" for month in months], "series": series,
            "unit": one["currency"]}  # fmt: skip


def _number(money: Money) -> float:
    return float(money.amount)
