"""Foreign documents read into plain values: bytes in, a Harvest or SourceTrouble out, nothing else (promise 13).
Pure, and run in a process of its own (choice S7): nothing is imported here, so that the parent knows the words
without the parsers."""
