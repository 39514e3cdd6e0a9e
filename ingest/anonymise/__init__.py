"""Real pages made into samples that can be shared: their structure and furniture, in our own words."""

from ingest.anonymise.sample import Report, make_sample

__all__ = ["Report", "make_sample"]
