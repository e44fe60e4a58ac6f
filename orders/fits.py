"""Whether the parts of a basket or an order fit the cars they are for."""

from collections.abc import Collection
from dataclasses import dataclass

from orders.models import BasketLine, Order, OrderLine
from shop.catalog.drawings import drawing_of
from shop.catalog.fitment import FitAnswer, fits_for
from shop.catalog.frame import frame
from vehicles.memory import known_cars


@dataclass(frozen=True)
class OrderedLine:
    """A line of an order as its page shows it; ``fit`` is today's answer, None without a car."""

    line: OrderLine
    fit: FitAnswer | None

    @property
    def drawing(self) -> str:
        """The name of the line drawing of the part's category."""
        return drawing_of(frame().by_id.get(self.line.part.category_id))


def fits_of_lines(lines: Collection[BasketLine] | Collection[OrderLine]) -> dict[int, FitAnswer]:
    """Line id to the answer for the car of that line; parts are read with their categories.

    A basket is rarely for more than one car, and each car costs a query or two.
    """
    answers: dict[int, FitAnswer] = {}
    cars = known_cars({line.modification_id for line in lines if line.modification_id})
    for pk, car in cars.items():
        of_car = [line for line in lines if line.modification_id == pk]
        fits = fits_for([line.part for line in of_car], car)
        answers |= {line.pk: fits[line.part_id] for line in of_car}
    return answers


def ordered_lines(order: Order) -> list[OrderedLine]:
    """Without what edits took out; lines read along are not asked for again."""
    lines = [line for line in order.lines.all() if line.removed_in_id is None]
    fits = fits_of_lines(lines)
    return [OrderedLine(line, fits.get(line.pk)) for line in lines]
