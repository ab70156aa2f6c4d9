"""Questions on the charter, the label and training: answered with sources, or handed to a person."""
