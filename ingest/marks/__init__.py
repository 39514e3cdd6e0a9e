"""What a reader of a dataset marked: removals that were wrong, and furniture that was left in.

journal    the marks as they lie beside the dataset, one JSON line each
suggest    marks -> rules that would mend them
skeleton   marks -> what a sample of the page must expect
"""

from ingest.marks.journal import Mark, What, append_mark, read_marks

__all__ = ["Mark", "What", "append_mark", "read_marks"]
