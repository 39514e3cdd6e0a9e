"""The words and phrases the extractor goes by, as data."""
