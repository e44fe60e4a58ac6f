from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from shop.catalog.models import BrandAlias, CrossReference, Part
from shop.offers.errors import VersionForgotten, WrongVersionStatus
from shop.offers.models import (
    ExchangeRate,
    Offer,
    PartShelf,
    PastPrice,
    PriceListVersion,
    RejectedRow,
    StockItem,
    UnknownBrand,
    VersionOffers,
)
from shop.offers.pricelists.receiving import receive
from shop.offers.pricelists.running import Progress, run_version
from shop.offers.pricelists.switching import discard, release, return_to, returnable
from tests.factories import BrandFactory, CustomerFactory, OfferFactory, PartFactory, StockItemFactory
from tests.offers.pricelists.conftest import file_of, load, prices

Status = PriceListVersion.Status


def ten(price="100.00", pieces=5):
    return [(f"F 00{number}", price, pieces) for number in range(10)]


def test_a_first_list_comes_in_force_with_retail_prices_and_reaches_the_shelf(price_list, parts):
    version = load(
        price_list, [("F 000", "100,00", 5), ("f-001", "0,01", ">10"), ("F 002", "12", "є"), ("F 003", "9", "")]
    )
    assert version.status == Status.ACTIVE
    assert version.is_on_shelf
    assert prices(price_list) == {
        "F 000": (Decimal("100.00"), Decimal("150.00"), 5),
        "F 001": (Decimal("0.01"), Decimal("0.02"), 10),
        "F 002": (Decimal("12.00"), Decimal("18.00"), 1),
        "F 003": (Decimal("9.00"), Decimal("13.50"), 0),
    }
    offers = {offer.part.article_number: offer for offer in price_list.offers.select_related("part", "warehouse")}
    assert [offers[number].is_at_least for number in ("F 000", "F 001", "F 002", "F 003")] == [False, True, True, False]
    assert {offer.lead_days for offer in offers.values()} == {3}
    shelf = {row.part.article_number: (row.price, row.lead_days) for row in PartShelf.objects.select_related("part")}
    assert shelf["F 000"] == (Decimal("150.00"), 3)
    assert shelf["F 003"] == (None, None)
    assert version.trial["new"] == 4
    assert version.trial["rows_ok"] == 4


def test_the_next_list_changes_only_what_differs_and_remembers_the_former_price(price_list, parts):
    load(price_list, ten())
    kept = price_list.offers.get(part=parts[0])
    rows = ten()
    rows[1] = ("F 001", "110.00", 5)  # dearer
    rows[2] = ("F 002", "100.00", 7)  # more pieces
    version = load(price_list, rows[:9])  # the tenth vanished
    assert version.status == Status.ACTIVE
    trial = version.trial
    assert [trial[name] for name in ("new", "changed", "unchanged", "vanished")] == [0, 2, 7, 1]
    assert price_list.offers.get(part=parts[0]).since == kept.since
    assert price_list.offers.get(part=parts[2]).since == kept.since  # the price is the same
    assert price_list.offers.get(part=parts[1]).since > kept.since
    past = {(row.part_id, row.price, row.since == kept.since) for row in PastPrice.objects.all()}
    assert past == {(parts[1].pk, Decimal("150.00"), True), (parts[9].pk, Decimal("150.00"), True)}
    assert not PartShelf.objects.filter(part=parts[9], price__isnull=False).exists()
    former = PriceListVersion.objects.get(number=1)
    assert former.status == Status.SUPERSEDED


def test_the_same_file_again_is_the_version_in_force_and_counts_as_fresh(price_list, parts):
    price_list.max_age_days = 2
    price_list.save()
    version = load(price_list, ten())
    price_list.refresh_from_db()
    until = price_list.fresh_until
    assert load(price_list, ten()).pk == version.pk
    assert PriceListVersion.objects.count() == 1
    price_list.refresh_from_db()
    assert price_list.fresh_until > until


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(f"F 00{number}", "130.00", 5) for number in range(10)], "median"),
        (ten()[:7], "vanished"),
        ([*ten()[:8], ("F 008", "1000.00", 5), ("F 009", "1000.00", 5)], "jumps"),
        ([*ten(), *(f"Bosch;F 0{number};Фільтр;без ціни;1" for number in range(20, 30))], "rejected"),
    ],
)
def test_brakes_stop_a_list_and_nothing_changes_until_a_person_lets_it_through(price_list, parts, rows, code):
    load(price_list, ten())
    before = prices(price_list)
    version = load(price_list, rows)
    assert version.status == Status.WAITING
    assert [brake["code"] for brake in version.brakes] == [code]
    assert version.needs_person_since is not None
    assert prices(price_list) == before
    release(version, author=CustomerFactory(is_staff=True))
    run_version(version.pk)
    version.refresh_from_db()
    assert version.status == Status.ACTIVE
    assert version.needs_person_since is None
    assert prices(price_list) != before or code == "rejected"


def test_another_currency_stops_a_list(price_list, parts):
    ExchangeRate.objects.create(currency="USD", valid_on=date(2026, 1, 1), rate=Decimal(42))
    load(price_list, ten())
    version = load(price_list, ten("99 USD"))
    assert version.status == Status.WAITING
    assert {brake["code"] for brake in version.brakes} >= {"currency"}


def test_prices_without_a_markup_stop_a_list(price_list, parts):
    price_list.supplier.markups.all().delete()
    from shop.offers.models import Markup

    Markup.objects.all().delete()
    version = load(price_list, ten())
    assert version.status == Status.WAITING
    assert [brake["code"] for brake in version.brakes] == ["unpriced"]
    assert not price_list.offers.exists()


def test_a_list_that_is_held_waits_for_a_look_and_may_be_thrown_away(price_list, parts):
    version = load(price_list, ten(), is_held=True)
    assert (version.status, version.brakes) == (Status.WAITING, [])
    assert version.trial["new"] == 10
    assert not Offer.objects.exists()
    staff = CustomerFactory(is_staff=True)
    discard(version, author=staff)
    with pytest.raises(WrongVersionStatus):
        release(version, author=staff)
    assert not Offer.objects.exists()


def test_one_press_returns_to_a_former_list_at_the_markups_of_today_and_back(price_list, parts):
    first = load(price_list, ten())
    second = load(price_list, ten("101.00"))
    third = load(price_list, [*ten("102.00")[:9]])
    staff = CustomerFactory(is_staff=True)
    assert [version.pk for version in returnable(price_list)] == [second.pk, first.pk]
    return_to(first, author=staff)
    run_version(first.pk)
    assert {row[:2] for row in prices(price_list).values()} == {(Decimal("100.00"), Decimal("150.00"))}
    assert len(prices(price_list)) == 10
    statuses = dict(PriceListVersion.objects.values_list("number", "status"))
    assert statuses == {1: Status.ACTIVE, 2: Status.SUPERSEDED, 3: Status.SUPERSEDED}
    third.refresh_from_db()
    return_to(third, author=staff)
    run_version(third.pk)
    assert {row[0] for row in prices(price_list).values()} == {Decimal("102.00")}
    assert len(prices(price_list)) == 9


def test_only_the_last_ten_former_lists_are_kept(price_list, parts):
    versions = [load(price_list, ten(f"{100 + number}.00")) for number in range(13)]
    assert [version.number for version in returnable(price_list)] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert VersionOffers.objects.values("version").distinct().count() == 11
    oldest = PriceListVersion.objects.get(pk=versions[0].pk)
    assert not oldest.file
    with pytest.raises(VersionForgotten):
        return_to(oldest, author=CustomerFactory(is_staff=True))


def test_own_stock_and_what_orders_were_promised_stay_as_they_are(price_list, parts):
    item = StockItemFactory(part=parts[0], on_hand=5, reserved=2)
    own = OfferFactory(part=parts[0], warehouse=item.warehouse, pieces=None, price=Decimal("149.00"))
    load(price_list, ten())
    return_to_nothing = load(price_list, ten("101.00"))
    assert return_to_nothing.status == Status.ACTIVE
    own.refresh_from_db()
    assert own.price == Decimal("149.00")
    assert StockItem.objects.values_list("on_hand", "reserved").get() == (5, 2)
    shelf = PartShelf.objects.get(part=parts[0])
    assert (shelf.price, shelf.lead_days) == (Decimal("149.00"), own.lead_days)


def test_lists_of_other_names_and_suppliers_are_left_alone(price_list, parts):
    load(price_list, ten())
    from tests.factories import PriceListFactory, WarehouseFactory

    tyres = PriceListFactory(supplier=price_list.supplier, name="tyres")
    other = PriceListFactory(supplier=WarehouseFactory().supplier)
    load(tyres, [("F 000", "90.00", 1)])
    load(other, [("F 000", "95.00", 1)])
    assert len(prices(price_list)) == 10
    assert sorted(Offer.objects.filter(part=parts[0]).values_list("purchase_price", flat=True)) == [90, 95, 100]


def test_rejected_rows_are_kept_with_their_numbers_and_unknown_brands_queue_up(price_list, parts):
    rows = [("F 000", "100", 1), ";F 001;Фільтр;100;1", "Бошш;F 002;Фільтр;100;1", "БОШШ;F 003;Фільтр;100;1",
            ("F 000", "100", 1), ("F 000", "120", 1)]  # fmt: skip
    version = load(price_list, rows)
    told = list(RejectedRow.objects.values_list("row", "reason"))
    assert told == [(3, "missing_brand"), (4, "unknown_brand"), (5, "unknown_brand"), (6, "duplicate"),
                    (7, "duplicate_conflicting_price")]  # fmt: skip
    assert version.trial["rejected_by_reason"] == {
        "duplicate": 1, "duplicate_conflicting_price": 1, "missing_brand": 1, "unknown_brand": 2,
    }  # fmt: skip
    brand = UnknownBrand.objects.get()
    assert (brand.key, brand.rows, brand.version_id) == ("бошш", 2, version.pk)


def test_an_unknown_article_becomes_a_part_where_its_name_tells_the_category(price_list, parts, bosch, monkeypatch):
    category = parts[0].category
    monkeypatch.setattr(
        "shop.offers.pricelists.new_parts.guess_categories",
        lambda names: {name: category.pk if "масляний" in name else None for name in names},
    )
    version = load(price_list, ["Bosch;NEW-1;Фільтр масляний;100;2", "Bosch;NEW-2;Щось таке;100;2"])
    assert (version.trial["new_parts"], version.trial["unplaced_parts"]) == (1, 1)
    made = Part.objects.get(article_key="NEW1")
    assert (made.category_id, made.search_key, made.name_uk, made.is_active) == (
        category.pk,
        "NEW1",
        "Фільтр масляний",
        True,
    )
    assert prices(price_list) == {"NEW-1": (Decimal("100.00"), Decimal("150.00"), 2)}
    assert list(version.price_list.versions.values_list("trial__new", flat=True)) == [0]
    from shop.offers.models import UnplacedPart

    assert UnplacedPart.objects.values_list("article_number", flat=True).get() == "NEW-2"


def test_a_trial_makes_no_parts(price_list, parts, monkeypatch):
    monkeypatch.setattr(
        "shop.offers.pricelists.new_parts.guess_categories", lambda names: dict.fromkeys(names, parts[0].category_id)
    )
    before = Part.objects.count()
    version = load(price_list, ["Bosch;NEW-1;Фільтр масляний;100;2"], is_held=True)
    assert version.trial["new_parts"] == 1
    assert Part.objects.count() == before


def test_an_older_file_never_replaces_a_newer_one(price_list, parts, django_capture_on_commit_callbacks):
    from django.core.files.base import ContentFile

    older = receive(price_list, ContentFile(file_of(ten("100"))), name="a.csv", origin="mail")
    newer = receive(price_list, ContentFile(file_of(ten("101"))), name="b.csv", origin="mail")
    run_version(newer.pk)
    run_version(older.pk)
    older.refresh_from_db()
    assert older.status == Status.DISCARDED
    assert {row[0] for row in prices(price_list).values()} == {Decimal("101.00")}


def test_a_file_that_is_no_price_list_is_refused_with_a_reason(price_list, parts):
    load(price_list, ten())
    version = load(price_list, b"%PDF-1.7 nothing to see", name="prices.csv")
    assert version.status == Status.REFUSED
    assert version.refusal
    assert version.needs_person_since is not None
    assert len(prices(price_list)) == 10


def test_a_supplier_without_a_warehouse_cannot_sell(price_list, parts):
    price_list.supplier.warehouses.update(is_active=False)
    version = load(price_list, ten())
    assert version.status == Status.REFUSED
    assert "склад" in version.refusal
    assert not Offer.objects.exists()


def test_an_empty_list_waits_for_a_person(price_list, parts):
    load(price_list, ten())
    version = load(price_list, ["Немає такого;X1;Фільтр;100;1"])
    assert version.status == Status.WAITING
    assert {brake["code"] for brake in version.brakes} >= {"empty", "vanished"}
    assert len(prices(price_list)) == 10


@pytest.mark.django_db(transaction=True)
def test_progress_tells_bytes_and_rows_as_they_really_are(price_list, parts):
    version = load(price_list, ten())
    assert version.bytes_read == version.bytes_total == len(file_of(ten()))
    assert version.rows_read >= 10
    assert version.rows_merged == 10


@pytest.mark.django_db(transaction=True)
def test_progress_waits_for_nobody_and_leaves_its_patience_to_nobody(price_list, parts):
    """With ``SET`` instead of ``SET LOCAL`` the limit goes back to the pool, and orders give up after 50 ms."""
    version = load(price_list, ten())
    with Progress(version) as progress:
        with transaction.atomic():
            PriceListVersion.objects.select_for_update().get(pk=version.pk)
            progress.read(1, 1)
        progress.merged(7)
        with progress._connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",)
    was = version.rows_read
    version.refresh_from_db()
    assert (version.rows_read, version.rows_merged) == (was, 7)


def test_an_article_that_has_lost_its_zeros_is_rejected_and_makes_no_new_part(price_list, bosch, parts):
    PartFactory(brand=bosch, article_number="0 986 479 470")
    version = load(price_list, [*ten(), ("986479470", 100, 1)])
    (row,) = RejectedRow.objects.filter(version=version)
    assert (row.row, row.reason, row.value) == (12, "article_zeros_lost", "986479470")
    assert version.trial["rows_ok"] == len(prices(price_list)) == 10
    assert not Part.objects.filter(article_key="986479470").exists()


def test_numbers_beside_the_goods_are_added_to_the_catalogue_and_signed_by_the_supplier(price_list, bosch, parts):
    swag = BrandFactory(name="Swag")
    BrandAlias.objects.get_or_create(brand=swag, key="swag", defaults={"name": "Swag"})
    rows = [f"Bosch;F 00{number};Фільтр масляний;100;1;" for number in range(9)]
    rows.append("Bosch;F 009;Фільтр масляний;100;1;Swag 30 1")
    version = load(price_list, rows, header="Бренд;Артикул;Назва;Ціна;Залишок;Аналоги")
    assert version.status == Status.ACTIVE
    (cross,) = CrossReference.objects.all()
    assert (cross.part, cross.brand, cross.number) == (parts[9], swag, "30 1")
    assert cross.source.code == f"supplier-{price_list.supplier.code}"
