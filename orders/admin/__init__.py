"""Orders in the admin: frozen facts to read, and a button for every act."""

from orders.admin.enquiry import EnquiryAdmin
from orders.admin.money_papers import FiscalReceiptAdmin, PaymentRuleAdmin, WebhookEventAdmin
from orders.admin.order import OrderAdmin
from orders.admin.payment import PaymentAdmin, RefundAdmin

__all__ = [
    "EnquiryAdmin",
    "FiscalReceiptAdmin",
    "OrderAdmin",
    "PaymentAdmin",
    "PaymentRuleAdmin",
    "RefundAdmin",
    "WebhookEventAdmin",
]
