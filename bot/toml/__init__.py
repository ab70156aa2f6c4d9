"""How a TOML file with the environment over it is read against pydantic models: every fault at once, with its line,
what was expected and the nearest word that is known. It knows nothing of what may be set."""
