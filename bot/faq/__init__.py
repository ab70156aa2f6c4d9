"""Questions and answers, between the engine (`club.faq`) and the chats: its process, what features ask of it, how an
entry reads, how the base grows."""
