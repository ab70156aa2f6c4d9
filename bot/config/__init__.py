"""The configuration, read from one TOML file and the environment. Nothing is imported here: its faults are told by
commands that need not wait for the model."""
