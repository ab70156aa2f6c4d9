"""One file or one package a network; each reads native updates into Requests and shows Messages natively."""
