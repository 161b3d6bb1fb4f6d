"""Finding instruments by what a visitor types, in both languages, and the tree of techniques."""

import pytest
from django.core.management import call_command
from django.db import connection

from instruments.actions.reference import write_techniques
from instruments.models import EquipmentCategory, Instrument, Technique
from portal.core.search import fold
from tests.factories.instruments import InstrumentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def microscope() -> Instrument:
    write_techniques()
    return InstrumentFactory(
        slug="scope",
        name_en="Field emission microscope",
        name_fr="Microscope électronique à émission de champ",
        summary_en="Polished crystals and fractured surfaces.",
        summary_fr="Cristaux polis et surfaces fracturées.",
        description_en="Detectors for elemental mapping.",
        description_fr="Détecteurs pour la cartographie élémentaire.",
        maker="Zephyr",
        model="ZX-300",
        place="Orléans",
        techniques=[Technique.objects.get(slug="sem")],
    )


@pytest.fixture
def other(microscope: Instrument) -> Instrument:
    return InstrumentFactory(
        slug="spectrometer", name_en="Magnet hall", name_fr="", summary_en="Liquids only.", summary_fr="", place="Lyon"
    )


def found(text: str, language: str) -> list[str]:
    return list(Instrument.objects.matching(text, language).values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("microscopes", "en"),
        ("Fracture surface", "en"),
        ("MAPPING", "en"),
        ("zephyr", "en"),
        ("zx-300", "en"),
        ("orleans", "en"),
        ("Orléans", "en"),
        ("microsc", "en"),
        ("emission micro", "en"),
        ('"field emission"', "en"),
        ("magnetometer or microscope", "en"),
        ("scanning electron", "en"),
        ("électronique", "fr"),
        ("electronique", "fr"),
        ("cristal", "fr"),
        ("surface fracturée", "fr"),
        ("surface fracturee", "fr"),
        ("cartographies élémentaires", "fr"),
        ("émission à champ", "fr"),
        ("balayage", "fr"),
        ("élec", "fr"),
    ],
)
def test_words_find_the_instrument_and_not_the_other(text: str, language: str, other: Instrument) -> None:
    assert found(text, language) == ["scope"]


@pytest.mark.parametrize("text", ["hadron", "zephyr -champ", "zephyr lyon", '"emission field"'])
def test_other_words_find_nothing(text: str, other: Instrument) -> None:
    assert found(text, "fr") == []


def test_english_stands_in_where_french_is_missing(other: Instrument) -> None:
    assert found("magnet", "fr") == ["spectrometer"]
    assert found("liquids", "fr") == ["spectrometer"]


@pytest.mark.parametrize("text", ["", "   ", "&|!()", "-", "''", "\x00"])
def test_no_word_at_all_is_no_filter(text: str, other: Instrument) -> None:
    assert len(found(text, "en")) == 2


@pytest.mark.parametrize("text", ["a'b", "x:*", "(", "a & b", "\\", "%s", "é" * 5000, "or", 'say "', "<b>"])
def test_odd_text_is_no_error(text: str, other: Instrument) -> None:
    assert isinstance(found(text, "en"), list)


def test_the_better_match_comes_first(microscope: Instrument) -> None:
    InstrumentFactory(slug="aside", name_en="A bench", name_fr="Un banc", description_en="Stands by the microscope.")
    assert found("microscope", "en") == ["scope", "aside"]


def test_folding_leaves_plain_letters() -> None:
    assert fold("Métabolomique à Orléans") == "metabolomique a orleans"


def test_the_index_serves_the_query(microscope: Instrument) -> None:
    Instrument.objects.bulk_create(
        Instrument(slug=f"row-{n}", name_en="Bench", place="Lyon", organisation=microscope.organisation)
        for n in range(1000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE instruments_instrument")
        for language in ("en", "fr"):
            sql, params = Instrument.objects.matching("microscope", language).query.sql_with_params()
            cursor.execute("EXPLAIN " + sql, params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert f"Bitmap Index Scan on instrument_search_{language}" in plan


def test_reference_data_twice_is_once() -> None:
    call_command("reference_data", verbosity=0)
    first = list(Technique.objects.rewrite(False).order_by("pk").values())
    call_command("reference_data", verbosity=0)
    assert list(Technique.objects.rewrite(False).order_by("pk").values()) == first
    assert {row["slug"] for row in first} == {
        "diffraction", "single-crystal-x-ray", "powder-x-ray", "microscopy", "sem", "tem", "confocal", "afm",
        "imaging", "spectroscopy", "nmr", "ir", "uv-vis", "metabolomics", "lc-ms", "gc-ms", "computational-methods",
    }  # fmt: skip
    assert all(row[f"{field}_{code}"] for row in first for field in ("name", "summary") for code in ("en", "fr"))


def test_equipment_categories_are_in_place_once_in_both_languages() -> None:
    call_command("reference_data", verbosity=0)
    first = list(EquipmentCategory.objects.rewrite(False).order_by("pk").values())
    EquipmentCategory.objects.create(slug="added-by-hand", name="Added", position=99)
    call_command("reference_data", verbosity=0)
    assert list(EquipmentCategory.objects.rewrite(False).order_by("pk").values())[:-1] == first
    assert len(first) == 15
    assert all(row["name_en"] and row["name_fr"] for row in first)
    assert (first[0]["slug"], first[-1]["slug"]) == ("balances", "other")


def test_a_technique_added_by_hand_and_a_changed_text() -> None:
    write_techniques()
    Technique.objects.create(slug="raman", name_en="Raman", path="spectroscopy/raman")
    Technique.objects.filter(slug="nmr").update(name_en="wrong")
    write_techniques()
    assert Technique.objects.filter(slug="raman").exists()
    assert Technique.objects.get(slug="nmr").name_en == "Nuclear magnetic resonance (NMR)"


def test_a_branch_holds_what_is_below_it(microscope: Instrument) -> None:
    Technique.objects.create(slug="microscopy-of-stars", name_en="Telescopes", path="microscopy-of-stars")
    slugs = set(Technique.objects.under("microscopy").values_list("slug", flat=True))
    assert slugs == {"microscopy", "sem", "tem", "confocal", "afm"}
    assert list(Instrument.objects.of_technique("microscopy")) == [microscope]
    assert list(Instrument.objects.of_technique("sem")) == [microscope]
    assert not Instrument.objects.of_technique("tem").exists()
    assert not Instrument.objects.of_technique("no-such").exists()
