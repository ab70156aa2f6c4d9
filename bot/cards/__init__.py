"""How things of several rooms are shown."""
