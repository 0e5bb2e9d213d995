from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ldn_titrate.errors import LdnTitrateError, PlanChangedError, PlanError
from ldn_titrate.plan import Clinic
from ldn_titrate.planfile import KIND, SCHEMA, dump_plan, load_plan
from plans import OVERRIDE, a_plan, a_signed_plan, products

NO_PLAN_FILE = "this is no plan file: a JSON object of the kind 'ldn-titrate plan' is expected"
DAMAGED = "this plan file is cut or damaged: it is no JSON"


def test_a_plan_file_says_what_it_is() -> None:
    """Its kind, its schema, the hash of its content, and the content with doses as text."""
    envelope = json.loads(dump_plan(a_plan()))

    assert list(envelope) == ["kind", "schema", "hash", "plan"]
    assert (envelope["kind"], envelope["schema"]) == (KIND, SCHEMA)
    assert envelope["hash"].startswith("sha256:")
    assert envelope["plan"]["protocol"]["rule"]["start"] == "1.5 mg"
    assert envelope["plan"]["protocol"]["rule"]["interval"] == "P14D"
    assert envelope["plan"]["products"] == ["capsule 1.5 mg"]
    assert envelope["plan"]["bedtime"] == "22:00"
    assert envelope["plan"]["start"] == "2026-03-01"
    assert envelope["plan"]["revised_at"] == "2026-02-20T09:30:00Z"


def test_what_is_not_given_is_not_written() -> None:
    """No field of a plan file is null."""
    assert "null" not in dump_plan(a_plan(patient=None))


def test_a_name_is_written_in_its_own_letters() -> None:
    """A plan file can be read by a person."""
    assert '"patient": "Zo\u00eb Example"' in dump_plan(a_plan(patient="Zo\u00eb Example"))


@pytest.mark.parametrize(
    "plan",
    [
        a_plan(),
        a_plan(patient=None),
        a_plan(override=OVERRIDE),
        a_plan(bedtime="00:30", timezone="Asia/Kathmandu"),
        a_plan(products=products("liquid 5 mg/5 mL, 0.1 mL syringe")),
        a_plan(clinic=Clinic(prescriber="Dr Example", emergency_number="112")),
        a_signed_plan(),
    ],
)
def test_what_was_written_is_read_as_the_same_plan(plan: Any) -> None:
    """Signed or not, every field comes back, and it is written in the same way again."""
    read = load_plan(dump_plan(plan))

    assert read == plan
    assert dump_plan(read) == dump_plan(plan)


def test_the_layout_of_a_file_does_not_matter() -> None:
    """Another order, other spaces and escaped letters are still the same plan."""
    plan = a_plan(patient="Zo\u00eb Example")
    envelope = json.loads(dump_plan(plan))
    turned = {key: envelope[key] for key in reversed(envelope)}

    assert load_plan(json.dumps(turned, indent=None, sort_keys=False)) == plan


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"start": "1.5 mg"', '"start": "4.5 mg"'),
        ('"start": "2026-03-01"', '"start": "2026-03-02"'),
        ("Pat Example", "Sam Example"),
        ('"version": 1,', '"version": 2,'),
        ('"version": 1,', '"version": 1.0,'),
        ('"sha256:', '"sha256:0'),
        ('"hash"', '"hush"'),
    ],
)
def test_a_changed_file_is_refused(old: str, new: str) -> None:
    """A dose, a date, a name or the hash itself: whatever was edited by hand is found."""
    text = dump_plan(a_plan())
    assert old in text

    with pytest.raises(PlanChangedError) as refused:
        load_plan(text.replace(old, new, 1))

    assert str(refused.value).startswith("this plan file was changed after it was written")


@pytest.mark.parametrize("text", ["", " ", "\n\t\n"])
def test_an_empty_file_is_told_as_such(text: str) -> None:
    """An empty file holds no plan."""
    with pytest.raises(PlanError) as refused:
        load_plan(text)

    assert str(refused.value) == "this plan file is empty"


@given(st.data())
def test_a_cut_file_is_refused(data: st.DataObject) -> None:
    """Wherever a file ends too early, it is no plan file any more."""
    whole = dump_plan(a_plan()).rstrip()
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]

    with pytest.raises(PlanError) as refused:
        load_plan(cut)

    assert str(refused.value) == DAMAGED


@pytest.mark.parametrize("text", ["plan", "{", "[" * 100_000, "{'kind': 1}", "\ufeff{}"])
def test_a_text_that_is_no_json_is_refused(text: str) -> None:
    """Endless nesting counts as damage."""
    with pytest.raises(PlanError) as refused:
        load_plan(text)

    assert str(refused.value) == DAMAGED


@pytest.mark.parametrize(
    "text", ["null", "1", '"plan"', "[]", "{}", '{"kind": "other", "schema": 1}']
)
def test_another_json_is_no_plan_file(text: str) -> None:
    """Only an object of the right kind is read."""
    with pytest.raises(PlanError) as refused:
        load_plan(text)

    assert str(refused.value) == NO_PLAN_FILE


@pytest.mark.parametrize("schema", ["1", 0, -1, True, 1.0, None])
def test_a_schema_is_a_number_from_1_on(schema: Any) -> None:
    """What is no such number is no schema."""
    with pytest.raises(PlanError) as refused:
        load_plan(_edited(schema=schema))

    assert str(refused.value) == "this plan file has no schema number"


def test_a_file_without_a_schema_is_refused() -> None:
    """Its fields could mean anything."""
    with pytest.raises(PlanError) as refused:
        load_plan(json.dumps({"kind": KIND}))

    assert str(refused.value) == "this plan file has no schema number"


def test_a_file_of_a_newer_schema_is_refused_by_name() -> None:
    """What to do is said too."""
    with pytest.raises(PlanError) as refused:
        load_plan(_edited(schema=SCHEMA + 1))

    assert str(refused.value) == (
        "this plan file has schema 2; this version of ldn-titrate reads up to 1. "
        "Install a newer version to open it"
    )


@pytest.mark.parametrize("plan", [None, "plan", [], 1])
def test_a_file_without_a_plan_is_refused(plan: Any) -> None:
    """The plan is an object."""
    with pytest.raises(PlanError) as refused:
        load_plan(_edited(plan=plan))

    assert str(refused.value) == "this plan file holds no plan"


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "ldn-titrate plan", "kind": "ldn-titrate plan", "schema": 1}',
        dump_plan(a_plan()).replace('"start": "1.5 mg"', '"start": "1.5 mg", "start": "3 mg"'),
    ],
)
def test_a_field_named_twice_is_refused(text: str) -> None:
    """Nobody could say which of the two was meant."""
    with pytest.raises(PlanError) as refused:
        load_plan(text)

    assert str(refused.value) == "this plan file names a field twice"


@pytest.mark.parametrize(
    "field",
    [
        '"schema": ' + "9" * 5_000,
        '"schema": 1, "hash": "x", "plan": {"patient": "\\ud800"}',
        '"schema": 1, "hash": "x", "plan": {"version": ' + "9" * 5_000 + "}",
        '"schema": 1, "hash": "x", "plan": {"version": NaN}',
    ],
    ids=["endless schema", "half a character", "endless number", "no number"],
)
def test_a_damaged_value_is_an_error_of_the_library(field: str) -> None:
    """However a file is damaged, the library says so in its own words."""
    with pytest.raises(LdnTitrateError):
        load_plan(f'{{"kind": "{KIND}", {field}}}')


def test_a_plan_that_must_not_exist_is_refused_with_every_problem() -> None:
    """A file made by other hands, with a right hash, is checked like any plan."""
    content = json.loads(dump_plan(a_plan()))["plan"]
    content["protocol"]["rule"]["cap"] = "45 mg"
    content["timezone"] = "Middle/Earth"

    with pytest.raises(PlanError) as refused:
        load_plan(_with_right_hash(content))

    first, second = str(refused.value).splitlines()
    assert (
        first == "7.5 mg is outside 0.1 mg to 6 mg, the bounds of low-dose naltrexone (at protocol)"
    )
    assert second.startswith("unknown time zone 'Middle/Earth'")
    assert second.endswith("(at timezone)")


def test_a_forged_signature_is_refused() -> None:
    """A signature over other content does not hold, even where the file's own hash does."""
    content = json.loads(dump_plan(a_signed_plan()))["plan"]
    content["patient"] = "Sam Example"

    with pytest.raises(PlanError) as refused:
        load_plan(_with_right_hash(content))

    assert str(refused.value) == "the signature is over other content than this plan's"


def _edited(**changes: object) -> str:
    """Give the file of a plan with fields of its envelope changed."""
    return json.dumps({**json.loads(dump_plan(a_plan())), **changes})


def _with_right_hash(content: dict[str, Any]) -> str:
    """Give a plan file as a program would write it for some content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _edited(plan=content, hash=f"sha256:{sha256(text.encode()).hexdigest()}")
