"""A reader trained on annotated contracts; see docs/extraction-model.md."""
