"""One file a network; each reads native updates into Requests and shows Messages natively."""
