"""How things that several rooms show read in a chat; pure, and knows no room."""
