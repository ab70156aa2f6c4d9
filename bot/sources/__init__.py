"""Partners' sources: what is read, filed and told of them."""
