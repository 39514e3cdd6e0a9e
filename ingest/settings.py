"""What a caller may choose about the cleaned article: one value, passed down whole."""

from __future__ import annotations

import msgspec

from ingest.errors import UsageError

BODY_KINDS = ("paragraph", "heading", "item", "quote", "preformatted", "cell", "question", "post")
"""The kinds of blocks that make up `body` by default."""

OTHER_KINDS = ("caption", "infobox", "pullquote")
"""The kinds that `body` leaves out by default: captions stand in `images`, the others in `blocks`."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`include` names kinds of `OTHER_KINDS` that `body` shall hold as well, `exclude` kinds of `BODY_KINDS` that it
    shall not. Raises `UsageError` for any other name.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for given, known in ((self.include, OTHER_KINDS), (self.exclude, BODY_KINDS[1:])):
            if wrong := [kind for kind in given if kind not in known]:
                raise UsageError(
                    f"{', '.join(wrong)}: not among the kinds to choose from: {', '.join(known)}"
                )

    @property
    def body(self) -> frozenset[str]:
        """The kinds of blocks that `body` holds."""
        return frozenset({*BODY_KINDS, *self.include} - {*self.exclude})


DEFAULT = Settings()
