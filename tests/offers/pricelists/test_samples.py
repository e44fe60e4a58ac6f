"""Price lists as suppliers send them, with what has to come of every row (samples/NAME.expected.json)."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

# The tests look at nothing in the database, but without the mark none is made when this file runs alone.
pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"
FIELDS = (
    "row", "brand_slug", "article", "article_norm", "name", "price", "currency", "stock_qty", "stock_at_least",
    "in_stock", "delivery_days_min", "delivery_days_max", "oe_numbers",
)  # fmt: skip


@pytest.fixture(scope="session")
def read_samples(django_db_setup, django_db_blocker):
    """What the command says of every sample, read once with the brands of the reference data, which are gone after."""
    from django.db import connection, transaction

    told = {}
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=io.StringIO())
        for path in sorted(SAMPLES.glob("*.expected.json")):
            expected = json.loads(path.read_text(encoding="utf-8"))
            output = io.StringIO()
            call_command(
                "import_pricelist",
                "not-a-supplier",
                str(SAMPLES / expected["file"]),
                trial=True,
                json=True,
                rows=True,
                stdout=output,
            )
            told[expected["file"]] = expected, json.loads(output.getvalue())
        transaction.set_rollback(True)
    connection.close()
    return told


@pytest.fixture(params=sorted(path.name.removesuffix(".expected.json") for path in SAMPLES.glob("*.expected.json")))
def sample(request, read_samples):
    (name,) = [name for name in read_samples if Path(name).stem == request.param]
    return read_samples[name]


def test_every_row_is_counted_under_its_reason(sample):
    expected, told = sample
    assert told["summary"] == expected["summary"]


def test_rejected_rows_say_what_is_wrong_with_which_cell(sample):
    expected, told = sample
    assert told["rejected"] == expected["rejected"]


def test_rows_that_are_no_goods_are_passed_over(sample):
    expected, told = sample
    assert told["ignored"] == expected["ignored"]


def test_the_first_of_several_rows_for_one_article_stays(sample):
    expected, told = sample
    assert told["duplicate_groups"] == expected["duplicate_groups"]


def test_good_rows_are_read_cell_by_cell(sample):
    expected, told = sample
    assert [[row[field] for field in FIELDS] for row in told["ok"]] == [
        [row[field] for field in FIELDS] for row in expected["ok"]
    ]


def test_the_form_of_the_file_is_recognised(sample):
    expected, told = sample
    form = expected["format"]
    assert (told["format"]["type"], told["format"]["header_row"]) == (form["type"], form["header_row"])
    assert told["format"]["currency"] == form["currency"]
    if "encoding" in form:
        assert told["format"]["encoding"] == form["encoding"]
        assert told["format"]["delimiter"] == form["delimiter"]
        assert told["format"]["decimal"] == form["decimal"]
