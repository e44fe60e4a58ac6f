"""Baskets, checkout and orders: what a person wants, what was promised, what was sent."""
