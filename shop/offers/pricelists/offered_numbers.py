"""Original and cross numbers that a list holds beside its goods: they help buyers find the part from then on."""

from django.db.backends.utils import CursorWrapper

from shop.catalog.loading.offered_numbers import NumbersAdded, add_offered_numbers, source_of_supplier
from shop.offers.models import PriceList

_OFFERED = """
CREATE TEMP TABLE offered_numbers AS
SELECT part.id AS part_id, string_to_array(staged.numbers, E'\\x1f') AS numbers,
       string_to_array(staged.crosses, E'\\x1f') AS crosses
FROM staged JOIN catalog_part part ON part.brand_id = staged.brand_id AND part.article_key = staged.article_key
WHERE staged.state = 'o' AND staged.line = 0 AND (staged.numbers IS NOT NULL OR staged.crosses IS NOT NULL)
"""


def keep_numbers(cursor: CursorWrapper, price_list: PriceList) -> NumbersAdded:
    """Add the numbers of ``staged`` to the catalogue, signed by the supplier. Call it in a transaction."""
    supplier = price_list.supplier
    if supplier is None:
        return NumbersAdded()
    cursor.execute("DROP TABLE IF EXISTS pg_temp.offered_numbers")
    cursor.execute(_OFFERED)
    if not cursor.rowcount:
        return NumbersAdded()
    return add_offered_numbers(cursor, source_id=source_of_supplier(supplier.code, supplier.name))
