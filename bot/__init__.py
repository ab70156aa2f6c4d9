"""The talk and the rhythm: platforms, router, features, delivery. Imports all; imported by none."""
