"""What the hub does: the features of every room of a subject, in the order of menus. A new room is one line."""

from bot import hub, letters, people, questions, sources

FEATURES = (*letters.FEATURES, *questions.FEATURES, *sources.FEATURES, *people.FEATURES, *hub.FEATURES)
