"""What staff see first: the admin site, roles and work queues. No models."""
