"""Who is known here, with which role, and for how long."""
