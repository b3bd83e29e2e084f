"""Ids of handoffs and effects, tokens' purposes, and errors that say who must act."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import AftersignError, ConfigurationError, LeaseHeld, OutcomeUnknown, Permanent, Transient
from domain.handoff import ACTIONS, PREPARATION, Step, effect_key, handoff_id
from domain.signatures import SignatureEvent, Verdict


class TestAHandoffId:
    def test_is_the_same_whoever_computes_it(self) -> None:
        assert handoff_id("pandadoc", "doc-1", "Order") == handoff_id("pandadoc", "doc-1", "Order")

    def test_reads_like_the_documents_name(self) -> None:
        assert handoff_id("pandadoc", "x", "Tomáš & Söhne: Order Form!").startswith("tomas-sohne-order-form-")

    @given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=300))
    def test_fits_a_url_a_key_and_its_column(self, source: str, document: str, name: str) -> None:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*-[0-9a-f]+", handoff_id(source, document, name))
        assert len(handoff_id(source, document, name)) <= 60

    def test_differs_between_documents_of_one_name(self) -> None:
        ids = {handoff_id("pandadoc", f"doc-{number}", "Order form") for number in range(500)}
        assert len(ids) == 500

    def test_differs_between_providers(self) -> None:
        assert handoff_id("pandadoc", "x", "A") != handoff_id("console", "x", "A")

    @pytest.mark.parametrize("name", ["", "契約書", "---", "\0"])
    def test_of_a_name_without_latin_letters_is_still_readable(self, name: str) -> None:
        assert handoff_id("pandadoc", "x", name).startswith("document-")


class TestSteps:
    def test_are_four_preparations_and_five_actions(self) -> None:
        assert (*PREPARATION, *ACTIONS) == tuple(Step)
        assert len(ACTIONS) == 5

    def test_name_their_effects_by_handoff_and_part(self) -> None:
        assert effect_key("vela-1", "project", "item-1") == "vela-1:project:item-1"


class TestASignatureEvent:
    def test_of_a_completion_is_the_same_under_every_event_id(self) -> None:
        keys = {
            SignatureEvent(f"e{n}", "done", Verdict.COMPLETED, "acc", "doc").business_key("pandadoc") for n in range(3)
        }
        assert keys == {"pandadoc::doc:completed"}

    @pytest.mark.parametrize("verdict", [Verdict.IGNORED, Verdict.UNKNOWN])
    def test_of_anything_else_has_no_business_key(self, verdict: Verdict) -> None:
        assert SignatureEvent("e", "viewed", verdict, "", "doc").business_key("pandadoc") is None


class TestAnError:
    def test_says_what_why_and_how_to_fix_it(self) -> None:
        error = Permanent("No owner.", why="nobody is left", fix="add somebody.")
        assert str(error) == "No owner. Why: nobody is left. Fix: add somebody."
        assert str(Permanent("No owner")) == "No owner."

    def test_says_who_must_act(self) -> None:
        assert issubclass(LeaseHeld, Transient)
        assert issubclass(OutcomeUnknown, Permanent)
        assert issubclass(ConfigurationError, Permanent)
        assert not issubclass(Transient, Permanent)

    def test_carries_the_vendors_wish(self) -> None:
        assert Transient("busy", retry_after=7.5).retry_after == 7.5
        assert Transient("busy").retry_after is None

    def test_survives_pickling_between_processes(self) -> None:
        import pickle

        for error in (Permanent("a", why="b", fix="c"), Transient("a", retry_after=3), OutcomeUnknown("a")):
            copy = pickle.loads(pickle.dumps(error))
            assert isinstance(copy, AftersignError)
            assert (type(copy), copy.what, str(copy)) == (type(error), error.what, str(error))
