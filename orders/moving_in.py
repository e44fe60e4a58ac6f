"""One basket joins another: nothing is lost, and the second time nothing is left to join."""

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Least

from accounts.models import Customer
from orders.models import MAX_PIECES, Basket


@transaction.atomic
def move_in(guest_basket: int | None, customer: Customer) -> Basket | None:
    """Put what lies in a guest's basket (its id, if there is one) into the account's; gives the account's basket.

    None when neither has one. A guest's basket becomes the account's where that had none. Only a basket of nobody
    moves: a stranger's stays where it is.
    """
    # Two tabs signing in at once wait here for each other; the second finds nothing left to move.
    Customer.objects.select_for_update().only("pk").get(pk=customer.pk)
    of_guest = Q(pk=guest_basket, customer__isnull=True)
    found = list(Basket.objects.select_for_update().filter(Q(customer=customer) | of_guest).order_by("pk"))
    own = next((basket for basket in found if basket.customer_id == customer.pk), None)
    guest = next((basket for basket in found if basket.customer_id is None), None)
    if guest is None:
        return own
    if own is None:
        guest.customer = customer
        guest.save(update_fields=["customer", "changed_at"])
        return guest
    join(guest, into=own)
    return own


def join(one: Basket, *, into: Basket) -> None:
    """Both are locked. The same part from the same place for the same car adds up, to MAX_PIECES; ``one`` is gone
    after.

    The price seen last stays the one that is agreed to: the basket that joins is the one at hand.
    """
    there = {(line.part_id, line.warehouse_id, line.modification_id): line for line in into.lines.all()}
    for line in one.lines.all():
        same = there.get((line.part_id, line.warehouse_id, line.modification_id))
        if same is None:
            one.lines.filter(pk=line.pk).update(basket=into)
        else:
            into.lines.filter(pk=same.pk).update(
                quantity=Least(F("quantity") + line.quantity, Value(MAX_PIECES)), price_seen=line.price_seen
            )
    one.delete()
