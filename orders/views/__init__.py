"""One module per page: basket, checkout, order."""
