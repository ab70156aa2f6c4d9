"""From the outbox to a network: one letter at a time, at the pace that each network bears.

May touch the outbox, its lanes and the places that move or close. Nothing is composed here.
"""
