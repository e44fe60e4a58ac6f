import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connections

from shop.catalog.errors import EmptyChoice, WrongFileStatus
from shop.catalog.fitment import Fit, fit_of
from shop.catalog.loading.car_texts import refuse, settle
from shop.catalog.loading.receiving import apply, discard, receive, undo
from shop.catalog.loading.running import Progress, run_file
from shop.catalog.models import (
    Barcode,
    Brand,
    BrandAlias,
    CarText,
    CatalogFile,
    CatalogSource,
    CrossReference,
    Fitment,
    OeNumber,
    Part,
)
from shop.lib.locks import Busy, Lock
from shop.lib.version import catalogue_version
from tests.factories import (
    BrandFactory,
    CatalogSourceFactory,
    CrossReferenceFactory,
    FitCheckFactory,
    FitmentFactory,
    PartFactory,
)
from vehicles.models import Modification

FITMENTS = """Бренд;Артикул;Марка;Модель;Модифікація;Роки;Вісь;Примітки
TRW;GDB 1550;VW;Golf V;1.9 TDI;2003-2009;передня;
TRW;GDB 1550;Шкода;Октавія A7;1.6 TDI;;перед;гальмівна система TRW
TRW;GDB 1551;BMW;3 (E46);320d;;задня;
TRW;GDB 1551;Zastava;Yugo;1.1;;задня;
TRW;ZZZ 999;VW;Golf V;1.9 TDI;;;
NoName;1;VW;Golf V;1.9 TDI;;;
TRW;GDB 1551;VW;Golf V;1.9 TDI;abc;;
"""
Status = CatalogFile.Status
type Cars = dict[str, Modification]
type Load = Callable[..., CatalogFile]


@pytest.fixture
def trw(db: None) -> Brand:
    brand = BrandFactory.create(name="TRW")
    BrandAlias.objects.create(brand=brand, name="TRW", key="trw")
    return brand


@pytest.fixture
def parts(trw: Brand) -> list[Part]:
    return [PartFactory.create(brand=trw, article_number=number) for number in ("GDB 1550", "GDB 1551")]


@pytest.fixture
def source(db: None) -> CatalogSource:
    return CatalogSourceFactory.create()


@pytest.fixture
def load(source: CatalogSource) -> Load:
    def load(text: str, *, kind: str = "fitment", replaces: bool = True, applies: bool = True) -> CatalogFile:
        file = receive(source, ContentFile(text.encode(), "list.csv"), kind=CatalogFile.Kind(kind), replaces=replaces)
        run_file(file.pk)
        if applies:
            apply(file)
            run_file(file.pk)
        file.refresh_from_db()
        return file

    return load


def fitted() -> set[tuple[str, int, int, str]]:
    rows = Fitment.objects.values_list("part__article_number", "modification", "position", "condition__rules")
    return {(*row[:3], json.dumps(row[3], sort_keys=True)) for row in rows}


def test_a_trial_says_what_would_change_and_changes_nothing(load: Load, parts: list[Part], cars: Cars) -> None:
    file = load(FITMENTS, applies=False)
    assert (file.status, Fitment.objects.count(), file.needs_person_since is not None) == (Status.TRIED, 0, True)
    report = file.report
    assert (report["rows"], report["rows_ok"], report["rows_waiting"], report["rows_rejected"]) == (7, 3, 1, 3)
    assert report["rejected_by_reason"] == {"bad_years": 1, "unknown_brand": 1, "unknown_part": 1}
    assert (report["new"], report["known"], report["vanished"]) == ({"fitment": 3}, {"fitment": 0}, {"fitment": 0})
    assert [*file.rejected_rows.values_list("row", "reason", "value")] == [
        (6, "unknown_part", "ZZZ 999"),
        (7, "unknown_brand", "NoName"),
        (8, "bad_years", "abc"),
    ]
    assert [*CarText.objects.values_list("text", "status", "reason", "rows")] == [
        ("Zastava · Yugo · 1.1", "open", "unknown_make", 1)
    ]


def test_an_applied_file_is_in_the_catalogue_with_its_source_places_and_conditions(
    load: Load, parts: list[Part], cars: Cars, source: CatalogSource
) -> None:
    before = catalogue_version()
    file = load(FITMENTS)
    assert (file.status, file.is_in_force) == (Status.APPLIED, True)
    assert fitted() == {
        ("GDB 1550", cars["Volkswagen Golf V 1.9 TDI"].pk, 1, "null"),
        ("GDB 1550", cars["Skoda Octavia III A7 1.6 TDI"].pk, 1, '{"brake_system": "TRW"}'),
        ("GDB 1551", cars["BMW 3 Series E46 320d"].pk, 2, "null"),
    }
    assert {*Fitment.objects.values_list("source", "category")} == {(source.pk, part.category_id) for part in parts}
    assert catalogue_version() != before


def test_the_same_file_again_changes_nothing(load: Load, parts: list[Part], cars: Cars) -> None:
    first = load(FITMENTS)
    ids = set(Fitment.objects.values_list("pk", flat=True))
    again = load(FITMENTS)
    assert again == first
    assert set(Fitment.objects.values_list("pk", flat=True)) == ids
    assert again.report["new"] == {"fitment": 0}
    assert sum(len(claims.ids) for claims in again.claims.all()) == 3


def test_the_next_file_takes_away_what_it_no_longer_claims_and_only_that(
    load: Load, parts: list[Part], cars: Cars, source: CatalogSource
) -> None:
    golf = cars["Volkswagen Golf V 1.9 TDI"]
    FitmentFactory.create(part=parts[1], modification=golf, source=source)  # of no file
    load(FITMENTS)
    shorter = "\n".join(line for line in FITMENTS.splitlines() if "BMW" not in line)
    tried = load(shorter, applies=False)
    assert (tried.report["vanished"], tried.report["known"]) == ({"fitment": 1}, {"fitment": 2})
    apply(tried)
    run_file(tried.pk)
    assert {(number, car) for number, car, *_rest in fitted()} == {
        ("GDB 1550", golf.pk),
        ("GDB 1550", cars["Skoda Octavia III A7 1.6 TDI"].pk),
        ("GDB 1551", golf.pk),
    }


def test_undoing_a_file_brings_back_what_it_took_away(load: Load, parts: list[Part], cars: Cars) -> None:
    load(FITMENTS)
    before = fitted()
    second = load(FITMENTS.replace("BMW;3 (E46);320d", "Mercedes;W211;E220 CDI"))
    assert len(fitted() - before) == 1
    undo(second)
    run_file(second.pk)
    second.refresh_from_db()
    assert (fitted(), second.status, second.report["undone"]) == (before, Status.UNDONE, {"removed": 1, "restored": 1})


def test_a_file_that_only_adds_takes_nothing_away(load: Load, parts: list[Part], cars: Cars) -> None:
    load(FITMENTS)
    header, _first, *rest = FITMENTS.splitlines()
    load("\n".join([header, *rest]), replaces=False)
    assert len(fitted()) == 3


def test_what_our_staff_checked_is_told_as_contradicted(load: Load, parts: list[Part], cars: Cars) -> None:
    golf = cars["Volkswagen Golf V 1.9 TDI"]
    FitCheckFactory.create(part=parts[0], modification=golf, fits=False)
    report = load(FITMENTS, applies=False).report
    assert (report["contradicting"], report["contradictions"]) == (
        1,
        [{"part_id": parts[0].pk, "modification_id": golf.pk}],
    )


def test_an_answer_is_in_force_at_once_and_for_the_next_file(load: Load, parts: list[Part], cars: Cars) -> None:
    file = load(FITMENTS)
    text, golf = CarText.objects.get(), cars["Volkswagen Golf V 1.6 FSI"]
    before = catalogue_version()
    assert settle(text, [golf.pk]) == 1
    assert ("GDB 1551", golf.pk, 2, "null") in fitted()
    assert (text.status, text.modifications) == ("settled", [golf.pk])
    assert sum(len(claims.ids) for claims in file.claims.all()) == 4
    report = load(FITMENTS + "\n").report
    assert (report["new"], report["known"], report["unknown_cars"]) == ({"fitment": 0}, {"fitment": 4}, 0)
    assert before != ""


def test_years_of_the_words_stay_a_condition_of_the_answer(load: Load, parts: list[Part], cars: Cars) -> None:
    text = "Бренд;Артикул;Марка;Модель;Роки;Примітки\nTRW;GDB 1550;Zastava;Yugo;2006-2007;диск 288 мм\n"
    load(text)
    golf = cars["Volkswagen Golf V 1.9 TDI"]
    settle(CarText.objects.get(), [golf.pk])
    rules = '{"built_from": "2006-01", "built_to": "2007-12", "disc_mm": 288}'
    assert fitted() == {("GDB 1550", golf.pk, 0, rules)}
    report = load(text + "\n").report
    assert (report["new"], report["known"], report["vanished"]) == ({"fitment": 0}, {"fitment": 1}, {"fitment": 0})


def test_a_part_page_tells_what_the_file_says(load: Load, parts: list[Part], cars: Cars) -> None:
    load(FITMENTS.replace("гальмівна система TRW", "гальмівна система TRW, окрім таксі"))
    answer = fit_of(parts[0], cars["Volkswagen Golf V 1.9 TDI"])
    assert (answer.fit, answer.source_text) == (Fit.FITS, "Дані постачальника")
    answer = fit_of(parts[0], cars["Skoda Octavia III A7 1.6 TDI"])
    assert (answer.fit, answer.detail) == (Fit.CHECK, "гальмівна система TRW, окрім таксі")


def test_a_changed_answer_takes_away_what_the_first_one_wrote(load: Load, parts: list[Part], cars: Cars) -> None:
    file = load(FITMENTS)
    text = CarText.objects.get()
    wrong, right = cars["Volkswagen Golf V 1.6 FSI"], cars["Daewoo Lanos T100, T150 1.5"]
    settle(text, [wrong.pk])
    settle(text, [right.pk])
    run_file(file.pk)
    assert {car for _number, car, *_rest in fitted()} & {wrong.pk, right.pk} == {right.pk}
    refuse(text)
    run_file(file.pk)
    assert len(fitted()) == 3


def test_a_car_that_is_not_ours_is_asked_about_no_more(load: Load, parts: list[Part], cars: Cars) -> None:
    load(FITMENTS)
    refuse(CarText.objects.get())
    report = load(FITMENTS + "\n\n").report
    assert (report["rows_waiting"], report["rows_of_other_cars"], len(fitted())) == (0, 1, 3)
    assert CarText.objects.get().status == "refused"


def test_an_answer_without_a_car_is_none(load: Load, parts: list[Part], cars: Cars) -> None:
    load(FITMENTS)
    with pytest.raises(EmptyChoice):
        settle(CarText.objects.get(), [0])
    assert CarText.objects.get().status == "open"


def test_a_file_without_the_columns_is_refused_with_the_reason(load: Load, parts: list[Part], cars: Cars) -> None:
    file = load("a;b;c\n1;2;3\n", applies=False)
    assert (file.status, file.refusal.startswith("Не знайдено рядка з назвами колонок")) == (Status.REFUSED, True)
    discard(file)
    with pytest.raises(WrongFileStatus):
        apply(file)


NUMBERS = """Бренд;Артикул;OE;Кроси;Замінено на;EAN
TRW;GDB 1550;VW 1K0 698 151 A;BOSCH 0 986 494 123, Nobody 12345;GDB 1551;4047023456786
TRW;GDB 1551;1K0698151B;;;
"""


def test_numbers_are_written_with_their_owners_and_a_second_time_not(load: Load, parts: list[Part], cars: Cars) -> None:
    bosch = BrandFactory.create(name="Bosch")
    BrandAlias.objects.create(brand=bosch, name="Bosch", key="bosch")
    file = load(NUMBERS, kind="numbers")
    assert file.report["new"] == {"oe": 1, "cross": 2, "barcode": 1}
    assert {*OeNumber.objects.values_list("part", "make__name", "search_key")} == {
        (parts[0].pk, "Volkswagen", "1K0698151A")
    }
    assert {*CrossReference.objects.values_list("part", "brand__name", "search_key", "kind", "source__code")} == {
        (parts[0].pk, "Bosch", "0986494123", 1, "supplier-data"),
        (parts[1].pk, "TRW", "GDB1550", 2, "supplier-data"),
    }
    assert [*Barcode.objects.values_list("part", "gtin")] == [(parts[0].pk, 4047023456786)]
    assert [*file.rejected_rows.values_list("row", "reason", "value")] == [
        (2, "unknown_owner", "Nobody 12345"),
        (3, "owner_missing", "1K0698151B"),
    ]
    again = load(NUMBERS + "\n", kind="numbers")
    assert (again.report["new"], again.report["known"]) == (
        {"oe": 0, "cross": 0, "barcode": 0},
        {"oe": 1, "cross": 2, "barcode": 1},
    )
    empty = load(NUMBERS.splitlines()[0] + "\nTRW;GDB 1551;VW 5Q0698151;;;\n", kind="numbers")
    assert empty.report["vanished"] == {"oe": 1, "cross": 2, "barcode": 1}
    assert (OeNumber.objects.get().search_key, CrossReference.objects.count(), Barcode.objects.count()) == (
        "5Q0698151", 0, 0,
    )  # fmt: skip


def test_numbers_that_our_staff_denied_are_not_written(load: Load, parts: list[Part], cars: Cars, trw: Brand) -> None:
    CrossReferenceFactory.create(part=parts[0], brand=trw, number="GDB 1552", kind=CrossReference.Kind.DIFFERS)
    file = load("Бренд;Артикул;Кроси\nTRW;GDB 1550;TRW GDB1552\n", kind="numbers")
    assert (file.report["new"]["cross"], file.report["contradicting"]) == (0, 1)
    assert CrossReference.objects.count() == 1


def test_the_command_tries_and_loads(parts: list[Part], cars: Cars, tmp_path: Path) -> None:
    path = tmp_path / "fit.csv"
    path.write_text(FITMENTS)

    def run(*arguments: str) -> dict[str, object]:
        out = StringIO()
        call_command("import_fitment", "elit", str(path), "--json", *arguments, stdout=out)
        told: dict[str, object] = json.loads(out.getvalue())
        return told

    tried = run("--trial")
    assert (tried["status"], tried["new"], Fitment.objects.count()) == ("trial", {"fitment": 3}, 0)
    assert tried["unknown"] == [{"text": "Zastava · Yugo · 1.1", "reason": "unknown_make", "rows": 1}]
    assert (CarText.objects.exists(), CatalogSource.objects.filter(code="elit").exists()) == (False, False)
    loaded = run()
    assert (loaded["status"], Fitment.objects.filter(source__code="elit").count()) == ("applied", 3)
    assert loaded["rejected"] == tried["rejected"]
    assert run()["new"] == {"fitment": 0}


def test_one_file_of_a_source_is_taken_at_a_time(source: CatalogSource, parts: list[Part], cars: Cars) -> None:
    file = receive(source, ContentFile(FITMENTS.encode(), "list.csv"), kind=CatalogFile.Kind.FITMENT)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [int(Lock.CATALOG_FILE), source.pk])
            with pytest.raises(Busy):
                run_file(file.pk)
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    file.refresh_from_db()
    assert (file.status, file.attempts) == (Status.RECEIVED, 0)
    run_file(file.pk)
    file.refresh_from_db()
    assert file.status == Status.TRIED


@pytest.mark.django_db(transaction=True)
def test_progress_leaves_its_patience_to_nobody() -> None:
    """With ``SET`` instead of ``SET LOCAL`` the limit goes back to the pool, and orders give up after 50 ms."""
    with Progress(CatalogFile(pk=1)) as progress:
        progress.read(1, 1)
        with progress._connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
