"""The demonstration: a partner site of its own writing, on loopback only."""
