"""Orders in the admin: frozen facts to read, and a button for every act."""

from orders.admin.enquiry import EnquiryAdmin
from orders.admin.order import OrderAdmin

__all__ = ["EnquiryAdmin", "OrderAdmin"]
