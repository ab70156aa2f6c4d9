"""What the hub does: the features of every room of a subject, in the order of menus. A new room is one line."""

from bot import events, hub, letters, people, questions, sources

_ROOMS = (letters, events, questions, sources, people, hub)
FEATURES = tuple(feature for room in _ROOMS for feature in room.FEATURES)
