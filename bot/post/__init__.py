"""From the outbox to a network."""
