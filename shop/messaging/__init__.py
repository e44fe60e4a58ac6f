"""Outgoing e-mail and SMS: message rows, the gateways, the task that hands them over."""
