"""All rule files, checked and ready: which site a page belongs to, and that site's compiled rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

from ingest.errors import Mistake, RuleError
from ingest.labels import Label
from ingest.records import Kind
from ingest.rules.cosmetic import CosmeticIndex, ReadCosmetics, read_cosmetics
from ingest.rules.loader import Source, load_file
from ingest.rules.match import PatternSet, compile_pattern
from ingest.rules.model import (
    Describe,
    Drop,
    Layout,
    PackFile,
    Pick,
    SiteFile,
    Strip,
    When,
    as_list,
    as_picks,
    as_when,
)

FORMAT = "1"
"""Goes into every digest; raised when the same rule file comes to mean something else."""

Role = Literal["line", "part", "from", "through", "while", "previous", "next"]
ROLES: tuple[Role, ...] = ("line", "part", "from", "through", "while", "previous", "next")
FILES = ("*.yaml", "common/*.yaml", "cosmetic/*.json")
FIELDS = ("title", "deck", "authors", "published", "modified", "section", "tags")

MAX_RECOGNISE_CHARS = 200_000


class CompiledStrip(NamedTuple):
    """A strip rule with its stamped label."""

    label: Label
    rule: Strip
    to_end: bool

    @property
    def patterns(self) -> tuple[Any, ...]:
        """The compiled patterns of `line` or `part`, each for itself: few rules need them so, and few pages."""
        return tuple(map(compile_pattern, as_list(self.rule.line) or as_list(self.rule.part)))


class CompiledDrop(NamedTuple):
    label: Label
    css: str


class CompiledLayout(NamedTuple):
    id: str
    when: When
    body: tuple[str, ...]
    fields: Mapping[str, tuple[Pick, ...]]
    drops: tuple[CompiledDrop, ...]


class StripRules:
    """Strip rules whose patterns are matched together, in one pass."""

    def __init__(self, owned: Iterable[tuple[str, Strip]]) -> None:
        self.strips = tuple(_compile_strip(owner, rule) for owner, rule in owned)

    @cached_property
    def _slots(self) -> list[tuple[int, Role, str]]:
        """Every pattern of every strip rule with the number of its rule and its role there."""
        slots: list[tuple[int, Role, str]] = []
        for number, strip in enumerate(self.strips):
            for role in ROLES:
                value = getattr(strip.rule, f"{role}_" if role in ("from", "while") else role)
                slots += [(number, role, p) for p in as_list(value) if not (role == "through" and p == "end")]
        return slots

    @cached_property
    def _patterns(self) -> PatternSet:
        return PatternSet([(number, pattern) for number, (_, _, pattern) in enumerate(self._slots)])

    def match(self, text: str) -> list[tuple[int, Role]]:
        """The rules (number in `strips`) and roles with a pattern that occurs in the text, in rule order."""
        slots = self._slots
        return [slots[key][:2] for key in self._patterns.match(text)]


class PackRules(StripRules):
    """The strip rules of packs; `numbers` says which are whose."""

    def __init__(self, packs: Iterable[PackFile]) -> None:
        owned = [(pack.pack, rule) for pack in packs for rule in pack.strip]
        super().__init__(owned)
        self.numbers: dict[str, list[int]] = {pack.pack: [] for pack in packs}
        for number, (owner, _) in enumerate(owned):
            self.numbers[owner].append(number)


class SiteRules:
    """The compiled rules for one site's pages, its packs included; for unknown sites, the packs alone.

    `shared` has the strip rules of every pack, compiled once for all sites: their patterns are many, and so are
    the sites of a run.
    """

    def __init__(
        self,
        site: SiteFile | None,
        packs: Iterable[PackFile],
        shared: PackRules | None = None,
        cosmetics: CosmeticIndex | None = None,
    ) -> None:
        self._site = site
        self.cosmetics = cosmetics
        self._packs = tuple(packs)
        self._own = StripRules((site.site, rule) for rule in site.strip) if site else StripRules(())
        self._shared = shared or PackRules(self._packs)
        used = [number for pack in self._packs for number in self._shared.numbers[pack.pack]]
        self._numbers = {number: place for place, number in enumerate(used, len(self._own.strips))}
        self.strips = (*self._own.strips, *(self._shared.strips[number] for number in used))
        self.site = site.site if site else None
        self.name = site.name if site else None
        self.language = site.language if site else None
        self.timezone = site.timezone if site else None

    @cached_property
    def digest(self) -> str:
        """128 bits over what the rules mean, in hex; comments and the look of the files do not count."""
        lists = [self.cosmetics.digest] if self.cosmetics else []
        content = msgspec.json.encode([FORMAT, self._site, self._packs, *lists], order="deterministic")
        return hashlib.blake2b(content, digest_size=16).hexdigest()

    @cached_property
    def layouts(self) -> tuple[CompiledLayout, ...]:
        return tuple(self._layout(layout) for layout in self._site.layouts) if self._site else ()

    @cached_property
    def describe(self) -> dict[str, tuple[Any, ...]]:
        """Field name to compiled line patterns, for text pages."""
        describe = self._site.describe if self._site else Describe()
        picks = {name: getattr(describe, name) for name in msgspec.structs.asdict(describe)}
        return {name: tuple(map(compile_pattern, as_list(pick.line))) for name, pick in picks.items() if pick}

    @cached_property
    def _refusals(self) -> tuple[list[tuple[str, str]], list[str], PatternSet]:
        """(rule, selector) of those by element; rules of those by wording, and their patterns."""
        owners = [(self.site or "", self._site.refuse)] if self._site else []
        owners += [(pack.pack, pack.refuse) for pack in self._packs]
        named = [(f"{owner}/{refuse.id}", refuse) for owner, refusals in owners for refuse in refusals]
        by_line = [(name, as_list(refuse.line)) for name, refuse in named if refuse.line]
        patterns = [(n, pattern) for n, (_, several) in enumerate(by_line) for pattern in several]
        by_css = [(name, refuse.css) for name, refuse in named if refuse.css]
        return by_css, [name for name, _ in by_line], PatternSet(patterns)

    def refusal(self, texts: Iterable[str], tree: LexborHTMLParser | None) -> str | None:
        """The rule that says this page is no article, if one does."""
        by_css, names, patterns = self._refusals
        if tree is not None:
            for name, css in by_css:
                if tree.css_first(css) is not None:
                    return name
        if names:
            for text in texts:
                if hits := patterns.match(text):
                    return names[hits[0]]
        return None

    @cached_property
    def shared_drops(self) -> tuple[CompiledDrop, ...]:
        """Drops that hold in every layout: the site's, then the packs'."""
        own = [_compile_drop(self.site or "", drop) for drop in self._site.drop] if self._site else []
        return (*own, *(_compile_drop(pack.pack, drop) for pack in self._packs for drop in pack.drop))

    def match(self, text: str) -> list[tuple[int, Role]]:
        """The rules (number in `strips`) and roles with a pattern that occurs in the text, in rule order.

        The site's own rules come first, then its packs' in the order of `use`.
        """
        numbers = self._numbers
        shared = [(numbers[n], role) for n, role in self._shared.match(text) if n in numbers]
        return [*self._own.match(text), *sorted(shared)] if shared else self._own.match(text)

    def _layout(self, layout: Layout) -> CompiledLayout:
        return CompiledLayout(
            id=str(layout.id),
            when=as_when(layout.when),
            body=tuple(as_list(layout.body)),
            fields={name: tuple(picks) for name in FIELDS if (picks := as_picks(getattr(layout, name)))},
            drops=tuple(_compile_drop(self.site or "", drop) for drop in layout.drop),
        )


def _compile_strip(owner: str, rule: Strip) -> CompiledStrip:
    return CompiledStrip(
        label=_stamp(owner, rule.id, rule.kind),
        rule=rule,
        to_end="end" in as_list(rule.through),
    )


def _compile_drop(owner: str, drop: Drop) -> CompiledDrop:
    return CompiledDrop(_stamp(owner, drop.id, drop.kind), drop.css)


def _stamp(owner: str, rule: str, kind: Kind) -> Label:
    return Label(f"{owner}/{rule}", kind)


class Rulebook:
    """The rule files of a run: bundled ones with the user's laid over them, file by file.

    `files` maps each site and pack (`common/<pack>`, `cosmetic/<pack>`) to the path its rules came from.
    """

    def __init__(
        self,
        sites: Mapping[str, SiteFile],
        packs: Mapping[str, PackFile],
        files: Mapping[str, str],
        cosmetics: Sequence[ReadCosmetics] = (),
    ) -> None:
        self.sites = dict(sorted(sites.items()))
        self.packs = dict(sorted(packs.items()))
        self.files = dict(files)
        self._hosts = {host: name for name, site in self.sites.items() for host in site.hosts}
        self._compiled: dict[str | None, SiteRules] = {}
        self._lists = tuple(cosmetics)
        self.cosmetics = CosmeticIndex(cosmetics) if cosmetics else None

    def __reduce__(self) -> tuple[Any, ...]:
        """What was read goes into a pickle, not what was compiled from it.

        The files go as msgspec writes them: it knows a default again, and so the digests stay the same.
        """
        return _unpack, (msgspec.msgpack.encode((self.sites, self.packs)), self.files, self._lists)

    def rules_for(self, site: str | None) -> SiteRules:
        """The compiled rules of a site by its name; of no site, every pack. Compiled once, kept."""
        rules = self._compiled.get(site)
        if rules is None:
            found = self.sites.get(site) if site else None
            packs = [self.packs[name] for name in found.use] if found else list(self.packs.values())
            rules = self._compiled[site] = SiteRules(found, packs, self._pack_rules, self.cosmetics)
        return rules

    @cached_property
    def _pack_rules(self) -> PackRules:
        return PackRules(tuple(self.packs.values()))

    def site_of_host(self, host: str | None) -> str | None:
        """The site a host belongs to: its own entry, else its parent domain's."""
        while host:
            if site := self._hosts.get(host):
                return site
            _, _, host = host.partition(".")
        return None

    def recognise(self, text: str, tree: LexborHTMLParser | None) -> str | None:
        """The site of a page without an address: the one with most marks on the page, by name on a draw."""
        hits = self._marks.match(text[:MAX_RECOGNISE_CHARS])
        votes = [self._mark_owner[hit] for hit in hits]
        if tree is not None:
            votes += [site for site, css in self._mark_css if tree.css_first(css) is not None]
        return min(votes, key=lambda site: (-votes.count(site), site)) if votes else None

    @cached_property
    def _mark_owner(self) -> list[str]:
        return [name for name, site in self.sites.items() for mark in site.recognise if mark.text]

    @cached_property
    def _marks(self) -> PatternSet:
        # `^` and `$` stand for a line's ends here: the whole page is looked at, at once
        texts = [f"(?m){mark.text}" for site in self.sites.values() for mark in site.recognise if mark.text]
        return PatternSet(list(enumerate(texts)))

    @cached_property
    def _mark_css(self) -> list[tuple[str, str]]:
        return [(name, mark.css) for name, site in self.sites.items() for mark in site.recognise if mark.css]


def _unpack(read: bytes, files: Mapping[str, str], cosmetics: Sequence[ReadCosmetics]) -> Rulebook:
    sites, packs = msgspec.msgpack.decode(read, type=tuple[dict[str, SiteFile], dict[str, PackFile]])
    return Rulebook(sites, packs, files, cosmetics)


def bundled_rules() -> Path:
    """The folder of the rule files that come with the package."""
    installed = Path(__file__).parent.parent / "bundled"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules"


def load_rules(*overlays: str | Path, bundled: bool = True) -> Rulebook:
    """The bundled rules with the user's folders laid over them, file by file, later over earlier ones.

    Raises `RuleError` with every mistake of every file.
    """
    folders = [*([bundled_rules()] if bundled else []), *map(Path, overlays)]
    return read_rules(folders)


def read_rules(folders: Iterable[Path]) -> Rulebook:
    """A rulebook from folders of `<site>.yaml`, `common/<pack>.yaml` and `cosmetic/<pack>.json`, later ones on top."""
    paths: dict[str, Path] = {}
    mistakes: list[Mistake] = []
    for folder in folders:
        if not folder.is_dir():
            mistakes.append(Mistake(str(folder), 1, 1, "there is no such folder of rule files"))
            continue
        for path in sorted(path for kind in FILES for path in folder.glob(kind)):
            paths[path.relative_to(folder).with_suffix("").as_posix()] = path
    return _build({name: (str(path), path) for name, path in paths.items()}, mistakes)


def _build(paths: Mapping[str, tuple[str, Path]], mistakes: list[Mistake]) -> Rulebook:
    sites: dict[str, SiteFile] = {}
    packs: dict[str, PackFile] = {}
    sources: dict[str, Source] = {}
    cosmetics = [
        _read_cosmetic_pack(*place, mistakes) for name, place in paths.items() if name.startswith("cosmetic/")
    ]
    for name, (shown, path) in paths.items():
        if name.startswith("cosmetic/"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            mistakes.append(Mistake(shown, 1, 1, f"cannot be read as UTF-8 text: {error}"))
            continue
        if name.startswith("common/"):
            pack = load_file(shown, text, PackFile)
            mistakes += pack.mistakes
            if pack.value and pack.source:
                packs[pack.value.pack], sources[name] = pack.value, pack.source
                if f"common/{pack.value.pack}" != name:
                    message = (
                        f"the file of the pack `{pack.value.pack}` must be called {pack.value.pack}.yaml"
                    )
                    mistakes.append(pack.source.mistake(("pack",), message))
        else:
            site = load_file(shown, text, SiteFile)
            mistakes += site.mistakes
            if site.value and site.source:
                sites[site.value.site], sources[name] = site.value, site.source
    names = {Path(shown).stem for name, (shown, _) in paths.items() if name.startswith("common/")}
    mistakes += _check_together(sites, names, sources)
    if mistakes:
        raise RuleError(sorted(set(mistakes)))
    return Rulebook(sites, packs, {name: shown for name, (shown, _) in paths.items()}, cosmetics)


def _read_cosmetic_pack(shown: str, path: Path, mistakes: list[Mistake]) -> ReadCosmetics:
    try:
        read = read_cosmetics(shown, path.read_bytes())
    except OSError as error:
        mistakes.append(Mistake(shown, 1, 1, f"cannot be read: {error}"))
        return read_cosmetics(shown, b"{}")
    mistakes += read.mistakes
    if read.value and read.value.pack != path.stem:
        message = f"the file of the pack `{read.value.pack}` must be called {read.value.pack}.json"
        mistakes.append(Mistake(shown, 1, 1, message))
    return read


def _check_together(
    sites: Mapping[str, SiteFile], packs: set[str], sources: Mapping[str, Source]
) -> Iterable[Mistake]:
    """Mistakes only visible across files: packs that are not there, hosts claimed twice."""
    owners: dict[str, str] = {}
    for name, site in sites.items():
        source = sources[name]
        for index, pack in enumerate(site.use):
            if pack not in packs:
                known = ", ".join(sorted(packs)) or "none"
                yield source.mistake(("use", index), f"there is no pack `{pack}`; known packs: {known}")
        for index, host in enumerate(site.hosts):
            if host in owners:
                yield source.mistake(("hosts", index), f"`{host}` already belongs to {owners[host]}")
            owners.setdefault(host, name)


def layout_holds(when: When, media: str, tree: LexborHTMLParser | None, day: date | None) -> bool:
    """Whether every condition given holds. `day` is the page's publication day, `None` when unknown."""
    if when.media and when.media != media:
        return False
    if when.css and (tree is None or tree.css_first(when.css) is None):
        return False
    if when.published_from and (day is None or day < when.published_from):
        return False
    return not (when.published_before and (day is None or day >= when.published_before))
