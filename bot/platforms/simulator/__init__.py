"""A chat in the browser, on loopback only: `network` starts, stops and sends, `page` shows, `posts` remembers."""
