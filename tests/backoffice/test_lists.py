"""Lists ask the same number of queries for one row and for twenty, and never count or sort a whole big table."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.catalog.models import Part
from shop.lib.admin import MAX_COUNTED, EstimatedPaginator
from shop.offers.models import StockMovement
from tests.factories import (
    BrandFactory,
    CategoryFactory,
    CustomerFactory,
    GenerationFactory,
    MakeFactory,
    ModelFactory,
    ModificationFactory,
    OeNumberFactory,
    OfferFactory,
    PartFactory,
    PickupPointFactory,
    PriceListFactory,
    PriceListVersionFactory,
    SettlementFactory,
    StockItemFactory,
    SupplierFactory,
    WarehouseFactory,
)
from tests.factories.catalog import CarTextFactory, CatalogFileFactory
from tests.factories.orders import OrderFactory

pytestmark = pytest.mark.django_db


def movement():
    StockMovement.objects.create(stock_item=StockItemFactory(), pieces=1, reason="counted")


ROWS = {
    "orders_order": OrderFactory,
    "catalog_part": PartFactory,
    "catalog_brand": BrandFactory,
    "catalog_category": CategoryFactory,
    "catalog_catalogfile": CatalogFileFactory,
    "catalog_cartext": CarTextFactory,
    "vehicles_vehiclemake": MakeFactory,
    "vehicles_vehiclemodel": ModelFactory,
    "vehicles_generation": GenerationFactory,
    "vehicles_modification": ModificationFactory,
    "offers_offer": OfferFactory,
    "offers_pricelist": PriceListFactory,
    "offers_pricelistversion": PriceListVersionFactory,
    "offers_stockitem": StockItemFactory,
    "offers_stockmovement": movement,
    "offers_supplier": SupplierFactory,
    "offers_warehouse": WarehouseFactory,
    "delivery_pickuppoint": PickupPointFactory,
    "delivery_settlement": SettlementFactory,
    "accounts_customer": CustomerFactory,
}


@pytest.mark.parametrize("model", ROWS)
def test_twenty_rows_cost_as_many_queries_as_one(desk, model):
    page = reverse(f"admin:{model}_changelist")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.get(page).status_code == 200
        return len(asked)

    ROWS[model]()
    queries()
    one = queries()
    for _ in range(19):
        ROWS[model]()
    assert queries() == one
    assert one <= 9


def test_parts_are_found_by_the_beginning_of_a_number_in_any_spelling(desk):
    part = PartFactory(article_number="W 712/75")
    PartFactory(article_number="X 1")
    oe = OeNumberFactory(number="5Q0 698 151 B")

    def found(typed):
        return list(desk.get(reverse("admin:catalog_part_changelist"), {"q": typed}).context["cl"].result_list)

    assert found("w712") == [part]
    assert found("W-712/75") == [part]
    assert found("5q0698") == [oe.part]
    assert found("///") == []


def test_offers_are_found_by_the_number_of_their_part(desk):
    offer = OfferFactory(part=PartFactory(article_number="GDB 1550"))
    OfferFactory()
    listed = desk.get(reverse("admin:offers_offer_changelist"), {"q": "gdb15"}).context["cl"].result_list
    assert list(listed) == [offer]


def test_a_search_of_parts_uses_indexes_only(db):
    """With sequential scans made dear, a plan that still has one has no index to use."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM catalog_part WHERE search_key LIKE 'W712%' OR id IN (1, 2)")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "part_search_key_prefix" in plan
    assert "Seq Scan" not in plan


def test_a_large_table_is_estimated_and_a_part_of_it_counted_no_further_than_needed(db):
    PartFactory.create_batch(3)
    paginator = EstimatedPaginator(Part.objects.all(), 50)
    assert paginator.count == 3
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'catalog_part'::regclass")
    assert EstimatedPaginator(Part.objects.all(), 50).count == 1_000_000
    with CaptureQueriesContext(connection) as asked:
        assert EstimatedPaginator(Part.objects.filter(is_active=True), 50).count == 3
    assert f"LIMIT {MAX_COUNTED}" in asked[0]["sql"]
