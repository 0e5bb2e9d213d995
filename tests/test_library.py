from __future__ import annotations

import re
from pathlib import Path

import pytest

from ldn_titrate import documents, library
from ldn_titrate.dose import LDN_BOUNDS
from ldn_titrate.errors import DoseError, LdnTitrateError, ProtocolError
from ldn_titrate.library import (
    DEFAULT_PROTOCOL,
    Audience,
    evidence,
    load_protocol,
    protocol_ids,
    section,
    sentences,
)
from ldn_titrate.protocol import Status
from ldn_titrate.schedule import lay_out
from plans import START, a_plan, a_protocol, in_text, listed_steps, products, step
from test_handout import spoken

LIBRARY = Path(library.__file__).parent
FILLED = re.compile(r"\{[^}]*\}")
QUOTED = re.compile(r'"(P-[\w.-]+)"')
FORBIDDEN_WORDS = (
    "safe",
    "safely",
    "safer",
    "no interactions",
    "minimal side effects",
    "proven",
    "biweekly",
    "bi-weekly",
    "nightly",
    "recommend",
    "recommended",
    "compliance",
)
LADDERS = {
    "L1": ("ldn-oral-1.5mg-14d", "1.5 3 4.5", "1 15 29"),
    "L2": ("ldn-oral-4.5mg-fixed", "4.5", "1"),
    "L5": ("ldn-oral-1mg-monthly-2mg", "1 2", "1 32"),
    "L7": ("ldn-oral-1.5mg-monthly-3mg", "1.5 3", "1 32"),
    "L8": ("ldn-oral-3mg-then-4.5mg", "3", "1"),
    "L9": ("ldn-oral-1.5mg-by-0.5mg-14d", "1.5 2 2.5 3 3.5 4 4.5", "1 15 29 43 57 71 85"),
    "L10": (
        "ldn-oral-0.5mg-by-0.5mg-14d",
        "0.5 1 1.5 2 2.5 3 3.5 4 4.5",
        "1 15 29 43 57 71 85 99 113",
    ),
    "L11": ("ldn-oral-1mg-by-0.5mg-14d-3mg", "1 1.5 2 2.5 3", "1 15 29 43 57"),
}
VERIFIED = {"L1": True, "L2": True, "L5": True, "L8": True}


def test_just_the_known_protocols_are_shipped() -> None:
    """The default comes first, the others in the order of their names."""
    ids = {protocol_id for protocol_id, _, _ in LADDERS.values()}

    assert set(protocol_ids()) == ids
    assert protocol_ids() == (DEFAULT_PROTOCOL, *sorted(ids - {DEFAULT_PROTOCOL}))


@pytest.mark.parametrize("source", LADDERS)
def test_a_shipped_protocol_is_laid_out_as_its_source_says(source: str) -> None:
    """Its doses begin on the days, counted from the first dose as day 1, that the source gives."""
    protocol_id, doses, days = LADDERS[source]
    half = products("capsule 0.5 mg")
    schedule = lay_out(a_plan(protocol=load_protocol(protocol_id), products=half))

    assert in_text([one.dose for one in schedule.segments]) == [f"{mg} mg" for mg in doses.split()]
    assert [(one.first - START).days + 1 for one in schedule.segments] == [
        int(day) for day in days.split()
    ]
    assert schedule.last is None


@pytest.mark.parametrize("source", LADDERS)
def test_a_shipped_protocol_tells_how_sure_its_source_is(source: str) -> None:
    """It names its source, says in words what is known of it, and is verified if that was read."""
    protocol = load_protocol(LADDERS[source][0])

    assert source in protocol.sources
    assert protocol.verified == VERIFIED.get(source, False)
    assert len(protocol.certainty) > 30


def test_what_was_not_seen_in_a_source_is_not_in_its_protocol() -> None:
    """The study of L5 gives 2 mg as the most that was seen; a step to 3 mg is left out."""
    assert str(load_protocol("ldn-oral-1mg-monthly-2mg").cap) == "2 mg"


def test_a_step_that_a_clinician_decides_has_no_date() -> None:
    """In L8 4.5 mg is a listed step, and the step before it stays open."""
    protocol = load_protocol("ldn-oral-3mg-then-4.5mg")

    assert in_text([one.dose for one in protocol.steps]) == ["3 mg", "4.5 mg"]
    assert [one.lasts for one in protocol.steps] == [None, None]


def test_the_default_is_one_and_verified() -> None:
    """Without an id the default is loaded: 1.5 mg, 1.5 mg more every 14 days, at most 4.5 mg."""
    defaults = [one for one in map(load_protocol, protocol_ids()) if one.status is Status.DEFAULT]

    assert defaults == [load_protocol()]
    assert load_protocol().id == "ldn-oral-1.5mg-14d"
    assert load_protocol().verified


def test_the_file_of_a_protocol_has_its_id() -> None:
    """What is asked for by its id is what comes."""
    assert tuple(load_protocol(one).id for one in protocol_ids()) == protocol_ids()


def test_no_shipped_protocol_leaves_the_recommended_range() -> None:
    """None needs an override, and none is for tests."""
    for protocol in map(load_protocol, protocol_ids()):
        assert LDN_BOUNDS.low <= protocol.doses[0]
        assert protocol.cap <= LDN_BOUNDS.high
        assert protocol.is_for_patients


def test_a_protocol_is_loaded_once() -> None:
    """It never changes, so it is shared."""
    assert load_protocol() is load_protocol()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            "ldn-oral-1.5mg-14",
            "unknown protocol 'ldn-oral-1.5mg-14'; did you mean ldn-oral-1.5mg-14d",
        ),
        ("../evidence", "unknown protocol '../evidence'; there is ldn-oral-1.5mg-14d, "),
        ("", "unknown protocol ''; there is ldn-oral-1.5mg-14d, "),
    ],
)
def test_an_unknown_protocol_is_refused_with_close_ones(wrong: str, told: str) -> None:
    """Where none is close, all are named."""
    with pytest.raises(ProtocolError) as refused:
        load_protocol(wrong)

    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(("amount", "error"), [("0.001 mg", ProtocolError), ("1 mcg", DoseError)])
def test_a_microgram_protocol_is_refused(amount: str, error: type[LdnTitrateError]) -> None:
    """Doses in micrograms (L12) are a specialist matter."""
    with pytest.raises(error):
        a_protocol(listed_steps("1 mg", step(amount)))


def test_every_source_of_a_protocol_leads_to_evidence() -> None:
    """A number without its evidence is not shipped."""
    named = {source for one in map(load_protocol, protocol_ids()) for source in one.sources}

    assert named - set(evidence()) == set()


def test_every_source_of_a_sentence_leads_to_evidence() -> None:
    """A sentence without its evidence is not printed."""
    named = {source for one in sentences().values() for source in one.sources}

    assert named - set(evidence()) == set()


def test_every_source_of_the_bounds_leads_to_evidence() -> None:
    """The bounds are clinical numbers too."""
    assert set(LDN_BOUNDS.sources) - set(evidence()) == set()


def test_every_piece_of_practice_is_used() -> None:
    """A practice that nothing rests on has no place; strengths and what is late are code."""
    texts = [one.read_text("utf-8") for one in LIBRARY.rglob("*.toml") if one.stem != "evidence"]
    used = {*LDN_BOUNDS.sources, *(one for text in texts for one in QUOTED.findall(text))}

    assert {one for one in evidence() if one.startswith("P-")} - used == {"P-strengths", "P-late"}
    assert "P-follow-up" in used, "the days of the reviews"


def test_a_verified_protocol_names_verified_evidence() -> None:
    """At least one source that was read says what it says."""
    for protocol in map(load_protocol, protocol_ids()):
        if protocol.verified:
            assert any(evidence()[source].verified for source in protocol.sources), protocol.id


def test_evidence_tells_where_it_comes_from() -> None:
    """Each piece has a claim and a basis of its own."""
    pieces = evidence().values()

    assert len({one.claim for one in pieces}) == len(pieces)
    assert all(len(one.basis) > 10 for one in pieces)


def test_a_piece_of_evidence_is_an_identifier_and_its_words() -> None:
    """The largest trial in fibromyalgia is told with its number and its interval."""
    largest = evidence()["E1"]

    assert "95% CI -0.95 to 0.27" in largest.words
    assert largest.source == (
        "Bruun 2024, Lancet Rheumatol 6:e31-e39; doi 10.1016/S2665-9913(23)00278-3."
    )
    assert largest.verified


def test_no_id_stands_for_two_things() -> None:
    """Each table of the data files gives one entry by its id."""
    for name, loaded in (("sentences", len(sentences())), ("evidence", len(evidence()))):
        written = library._HERE.joinpath(f"{name}.toml").read_text(encoding="utf-8")
        assert written.count(f"[[{name}]]") == loaded


@pytest.mark.parametrize("word", FORBIDDEN_WORDS)
def test_no_sentence_promises_or_misleads(word: str) -> None:
    """No text for a reader has a word that claims safety or can be read in two ways."""
    texts = [one.text for one in sentences().values()]
    texts += [one.words for one in evidence().values()]
    texts += [load_protocol(one).title for one in protocol_ids()]
    texts += [load_protocol(one).certainty for one in protocol_ids()]

    assert [text for text in texts if re.search(rf"\b{word}\b", text, re.IGNORECASE)] == []


def test_every_sentence_was_checked() -> None:
    """What is not reviewed against its sources is not printed."""
    assert [one.id for one in sentences().values() if not one.reviewed] == []


def test_every_sentence_is_for_its_reader() -> None:
    """What is for a pharmacist or a prescriber is not said to a patient by the handout."""
    told = " ".join(spoken(documents.handout(lay_out(a_plan()))))
    others = [one for one in sentences().values() if one.audience is not Audience.PATIENT]
    texts = {one.id: ".+?".join(map(re.escape, FILLED.split(one.text))) for one in others}

    assert [key for key, text in texts.items() if re.search(text, told)] == []


def test_a_section_has_its_sentences_in_order() -> None:
    """The box on opioids begins with its title and says what an opioid is before what it does."""
    assert [one.id for one in section("opioids")] == [
        "opioids.title",
        "opioids.what",
        "opioids.together",
        "opioids.overdose",
        "opioids.tell",
    ]


def test_an_unknown_section_has_no_sentences() -> None:
    """A name that only begins like a section is no section."""
    assert section("opioid") == ()


def test_the_ceiling_is_told_as_no_goal() -> None:
    """The sentence on increases says that the most is a limit."""
    assert "{cap} is a limit, not a goal." in sentences()["how.planned"].text


def test_a_broken_data_file_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every problem of the file is told, with its place."""
    (tmp_path / "sentences.toml").write_text(
        '[[sentences]]\nid = "Main"\ntext = "Words"\nsources = []\nreviewed = true\n'
    )
    monkeypatch.setattr(library, "_HERE", tmp_path)

    with pytest.raises(LdnTitrateError) as refused:
        sentences.__wrapped__()

    first, second = str(refused.value).splitlines()
    assert first.startswith("sentences.toml: ")
    assert first.endswith("(at [0].id)")
    assert second.endswith("(at [0].sources)")
