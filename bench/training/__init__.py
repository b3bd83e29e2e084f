"""Train the reader that `extraction/trained` ships; see docs/extraction-model.md."""
