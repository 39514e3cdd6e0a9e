"""Quality and speed of the extraction on a corpus given by path, with its peers beside it. See README.md."""
