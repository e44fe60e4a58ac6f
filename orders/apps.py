from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Замовлення")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from accounts.signals import contact_proved
        from orders import receivers
        from shop.messaging.repeating import SEALED_AGAIN
        from shop.messaging.signals import message_failed, message_repeated

        SEALED_AGAIN["order"] = receivers.links_of_order
        user_logged_in.connect(receivers.move_in, dispatch_uid="orders-move-in")
        message_repeated.connect(receivers.show_repeated, dispatch_uid="orders-repeated")
        message_failed.connect(receivers.mark_bad_number, dispatch_uid="orders-bad-number")
        user_logged_in.connect(receivers.bring_later_orders, dispatch_uid="orders-bring-later")
        contact_proved.connect(receivers.bring_orders, dispatch_uid="orders-bring")
