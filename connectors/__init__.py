"""The web, in and out: partners' sites are read here, and what the hub publishes leaves here."""
