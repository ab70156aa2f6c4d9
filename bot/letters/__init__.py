"""Subscriptions, and the editions they are sent."""
