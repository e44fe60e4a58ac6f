"""Who has a part, for how much, and when it can be here: suppliers, warehouses, price lists, own stock."""
