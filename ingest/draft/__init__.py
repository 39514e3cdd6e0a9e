"""Rule files proposed from a handful of a site's pages.

    evidence     page -> its blocks, where each stands, and which of them the article wants
    containers   the selectors that hold just the wanted blocks -> layouts
    drops        elements inside the container that are never wanted -> drop rules
    fields       selectors that say what the structured data says
    lines        wording that comes again on page after page -> strip rules
    write        all of it as commented YAML, through the strict loader
    effect       what the rules take and keep, beside the generic extractor
    examples     the pages that show most of it, to make samples of

Pure, like the pipeline: pages in, text out; the same pages give the same file.
"""

from ingest.draft.effect import Effect, measure_effect
from ingest.draft.examples import choose_examples
from ingest.draft.site import Draft, draft_pages, draft_site, group_by_site

__all__ = [
    "Draft",
    "Effect",
    "choose_examples",
    "draft_pages",
    "draft_site",
    "group_by_site",
    "measure_effect",
]
