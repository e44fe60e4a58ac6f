"""What can be refused here."""


class OffersError(Exception):
    """Base of this app's refusals."""


class OutOfStock(OffersError):
    """Fewer pieces are free than were asked for; ``stock_item_id`` says of what."""

    def __init__(self, stock_item_id: int) -> None:
        super().__init__(f"stock item {stock_item_id}")
        self.stock_item_id = stock_item_id
