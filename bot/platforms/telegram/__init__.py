"""Telegram. `read` and `show` are pure, `network` starts, stops and sends; nothing is imported here, so that drawing a
message needs no library."""
