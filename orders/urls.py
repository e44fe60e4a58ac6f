"""Addresses of the basket, the checkout and an order's page."""

from django.urls import path

from orders.views import (
    basket,
    basket_list,
    basket_ways,
    by_phone,
    checkout,
    claim,
    conversation,
    enquiry,
    order,
    paper,
    payment,
    watch,
)

app_name = "orders"

urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/lines/", basket.basket_lines, name="basket_lines"),
    path("basket/lines/<int:pk>/", basket.basket_line, name="basket_line"),
    path("basket/lines/<int:pk>/removal/", basket.basket_line_removal, name="basket_line_removal"),
    path("basket/list/", basket_list.basket_list, name="basket_list"),
    path("basket/choice/", basket_ways.basket_choice, name="basket_choice"),
    path("basket/choice/undo/", basket_ways.basket_choice_undo, name="basket_choice_undo"),
    path("basket/sharing/", basket_ways.basket_sharing, name="basket_sharing"),
    path("basket/shared/<str:token>/", basket_ways.basket_shared, name="basket_shared"),
    path("basket/link/", basket_ways.basket_link, name="basket_link"),
    path(
        "basket/continued/<int:pk>/<int:ends_at>/<str:secret>/", basket_ways.basket_continued, name="basket_continued"
    ),
    path("basket/quote/", basket_ways.basket_quote, name="basket_quote"),
    path("basket/agreement/", basket.basket_agreement, name="basket_agreement"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/terms/", checkout.checkout_terms, name="checkout_terms"),
    path("enquiries/", enquiry.enquiry, name="enquiry"),
    path("enquiries/one-click/", by_phone.one_click, name="one_click"),
    path("enquiries/call-back/", by_phone.call_back, name="call_back"),
    path("enquiries/sent/", enquiry.enquiry_sent, name="enquiry_sent"),
    path("watches/", watch.stock_watch, name="stock_watch"),
    path("watches/<int:pk>/removal/", watch.own_watch_removal, name="own_watch_removal"),
    path("watches/<int:pk>/<str:secret>/removal/", watch.stock_watch_removal, name="stock_watch_removal"),
    path("orders/<str:number>/<str:secret>/", order.order, name="order"),
    path("orders/<str:number>/<str:secret>/cancellation/", order.order_cancellation, name="order_cancellation"),
    path("orders/<str:number>/<str:secret>/repetition/", order.order_repetition, name="order_repetition"),
    path("orders/<str:number>/<str:secret>/conversation/", conversation.order_conversation, name="order_conversation"),
    path("orders/<str:number>/<str:secret>/account/", claim.order_claim, name="order_claim"),
    path("orders/<str:number>/<str:secret>/papers/<slug:kind>.pdf", paper.order_paper, name="order_paper"),
    path("orders/<str:number>/<str:secret>/payment/", payment.payment, name="payment"),
    path("orders/<str:number>/<str:secret>/payment/check/", payment.payment_check, name="payment_check"),
    path("paid/<str:reference>/<str:secret>/", payment.payment_return, name="payment_return"),
]
