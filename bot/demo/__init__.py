"""The demonstration: a village (`village`) and partners' sites of its own writing (`site`), on loopback only."""
