"""Rule files: what each publisher's furniture looks like, as data.

model      the format as frozen types
loader     the one strict door: YAML in, types or every mistake out
match      patterns (RE2) and selectors (Lexbor)
rulebook   the files together: site look-up, compiled rules, digests
"""

from ingest.rules.rulebook import Rulebook, SiteRules, load_rules

__all__ = ["Rulebook", "SiteRules", "load_rules"]
