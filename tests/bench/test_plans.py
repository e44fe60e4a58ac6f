import pytest
from django.core.management import call_command
from django.db import connection

from bench.plans import BIG_TABLES, asked_of_a_buyer, plan_of, whole_reads

pytestmark = pytest.mark.django_db


def test_no_query_of_a_common_page_reads_a_big_table_from_end_to_end():
    call_command("load_reference", verbosity=0)
    call_command("load_demo", parts=20_000, quiet=True, verbosity=0)
    asked = asked_of_a_buyer()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert len(asked) > 15
    assert {name for each in asked for name in BIG_TABLES if name in each.sql} >= {
        "catalog_part",
        "catalog_fitment",
        "catalog_attributevalue",
        "catalog_oenumber",
        "catalog_barcode",
        "catalog_crossreference",
        "offers_offer",
        "offers_partshelf",
    }
    guilty = {each.sql: tables for each in asked if (tables := list(whole_reads(plan_of(each.sql)["Plan"])))}
    assert guilty == {}


def test_a_whole_read_is_noticed():
    assert list(whole_reads(plan_of("SELECT count(*) FROM catalog_part WHERE weight_kg > 5")["Plan"])) == [
        "catalog_part"
    ]
