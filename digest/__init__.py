"""The choice: what news is about, which notices tell one story, what an edition holds. Pure; imports club only."""
