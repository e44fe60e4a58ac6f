"""Addresses of the basket, the checkout and an order's page."""

from django.urls import path

from orders.views import order

app_name = "orders"

urlpatterns = [
    path("orders/<str:number>/<str:secret>/", order.order, name="order"),
    path("orders/<str:number>/<str:secret>/cancellation/", order.order_cancellation, name="order_cancellation"),
]
