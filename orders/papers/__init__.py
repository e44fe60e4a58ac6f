"""Papers of an order: which of them its customer can fetch now."""

from dataclasses import dataclass

from orders.models import Order


@dataclass(frozen=True)
class PaperLink:
    """A paper and the address under the order's secret where it is made."""

    kind: str
    label: str
    url: str


def available_papers(order: Order) -> list[PaperLink]:
    """Those that exist for the order as it stands now."""
    return []
