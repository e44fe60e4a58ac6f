"""The frozen copy of what is sold: made once when a line comes into an order, and never changed after."""

from datetime import date
from decimal import Decimal

from orders.models import Order, OrderLine
from shop.catalog.models import Part
from shop.offers.models import Warehouse
from vehicles.models import Modification


def frozen_line(
    order: Order,
    part: Part,
    warehouse: Warehouse,
    *,
    quantity: int,
    price: Decimal,
    ready_on: date | None,
    modification: Modification | None = None,
    fit: str = "",
) -> OrderLine:
    """An unsaved line; ``part`` has its brand at hand. Names are in the language at hand."""
    return OrderLine(
        order=order,
        part=part,
        warehouse=warehouse,
        modification=modification,
        brand_name=part.brand.name,
        article_number=part.article_number,
        name=part.name,
        car=modification.full_name()[:200] if modification else "",
        quantity=quantity,
        price=price,
        warranty_months=part.warranty_months,
        ready_on=ready_on,
        fit=fit,
        weight_kg=part.weight_kg,
    )


def same_line(line: OrderLine, *, quantity: int, price: Decimal) -> OrderLine:
    """The line as it was agreed to, in another quantity or at another price, unsaved, replacing it."""
    names = (
        "order_id",
        "part_id",
        "warehouse_id",
        "modification_id",
        "brand_name",
        "article_number",
        "name",
        "car",
        "warranty_months",
        "ready_on",
        "fit",
        "return_days",
        "weight_kg",
    )
    return OrderLine(quantity=quantity, price=price, replaces=line, **{name: getattr(line, name) for name in names})
