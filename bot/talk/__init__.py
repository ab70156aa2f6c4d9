"""From a word to an answer: commands, fields, forms, seals."""
