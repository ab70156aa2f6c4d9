"""The hub itself: what it runs, what it follows, how it is."""
