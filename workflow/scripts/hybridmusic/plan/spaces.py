"""Facts about the configured spaces: their families, ancestors, conditions and row levels.

Pure functions of the configuration; nothing is imported that takes time, because the workflow
parses this at every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import words
from hybridmusic.terms import CLIP, ELSEWHERE, GENRE, LANGUAGE, NONE, SONG, SUPERVISED

FAMILIES = ("blocks", "transforms", "networks")
# Kinds of transform that the reduction study clusters spaces after.
REDUCTIONS = ("pca", "umap")
# Settings by which a label of the tracks influences a space, and the adjective for each.
LABEL_SETTINGS = {
    "condition": "conditioned",
    "by": "scaled",
    "independent_of": "independent",
    "balance": "balanced",
}


def spaces(config: dict) -> dict[str, dict]:
    """Return the configured spaces by name.

    A space that a layer switched off by null is left out, with all that is made from it.
    """
    rows = {name: row for name, row in config["spaces"].items() if row is not None}
    off = set(config["spaces"]) - set(rows)
    while off:
        off = {name for name, row in rows.items() if off & set(_names(row.get("of")))}
        rows = {name: row for name, row in rows.items() if name not in off}
    return rows


def _names(of: str | list[str] | None) -> list[str]:
    return [of] if isinstance(of, str) else list(of or [])


def family_of(kind: str, where: str = "kind") -> str:
    """Return the family of spaces (`blocks`, `transforms`, `networks`) that a kind belongs to.

    Raises ConfigError, which begins with `where`, if there is no such kind.
    """
    for family in FAMILIES:
        if kind in kinds.kinds(family):
            return family
    known = [kind for family in FAMILIES for kind in kinds.kinds(family)]
    raise ConfigError(f"{where} is {kind!r}; allowed: {', '.join(known)}{words.guess(kind, known)}")


def names_of(config: dict, family: str) -> list[str]:
    """Return the names of the configured spaces whose kind belongs to `family`."""
    return [name for name, row in spaces(config).items() if family_of(row["kind"]) == family]


def parents(config: dict, name: str) -> list[str]:
    """Return the spaces that a space is made from, in order."""
    return _names(spaces(config)[name].get("of"))


def lineage(config: dict, name: str) -> Iterator[str]:
    """Yield a space and all of its ancestors."""
    yield name
    for parent in parents(config, name):
        yield from lineage(config, parent)


def ordered(config: dict, names: Iterable[str]) -> list[str]:
    """Return these spaces and all of their ancestors, each after its parents."""
    steps = [step for name in names for step in reversed(list(lineage(config, name)))]
    return list(dict.fromkeys(steps))


def settings(config: dict, name: str) -> dict:
    """Return the settings of a space, completed by the defaults of its kind."""
    row = spaces(config)[name]
    return kinds.settings(family_of(row["kind"]), row["kind"], row)


def declared(config: dict, name: str, attribute: str):
    """Return what the kind of a space declares under `attribute`, or None."""
    kind = spaces(config)[name]["kind"]
    return kinds.declared(family_of(kind), kind, attribute)


def reads(config: dict, name: str) -> tuple[str, ...]:
    """Return the tables that a block is made of; none for other spaces."""
    return declared(config, name, "READS") or ()


def origins(config: dict, name: str) -> list[str]:
    """Return the spaces that hold the true neighbours of a map, or the space itself.

    A map is a space whose kind cannot place new tracks, such as UMAP.
    """
    kind = spaces(config)[name]["kind"]
    if kind not in kinds.kinds("transforms") or kinds.defines("transforms", kind, "place"):
        return [name]
    return [origin for parent in parents(config, name) for origin in origins(config, parent)]


def transformed(config: dict, space: str, kind: str) -> str | None:
    """Return the configured space that is `space` transformed by `kind` at its defaults, if any."""
    wanted = kind, [space], kinds.settings("transforms", kind, {})
    for name in names_of(config, "transforms"):
        if (
            spaces(config)[name]["kind"],
            parents(config, name),
            settings(config, name),
        ) == wanted:
            return name
    return None


def reductions(config: dict, space: str) -> dict[str, str]:
    """Return the configured spaces that are reductions of `space` at their defaults, by kind."""
    names = {kind: transformed(config, space, kind) for kind in REDUCTIONS}
    return {kind: name for kind, name in names.items() if name}


def needing_sound(config: dict) -> list[str]:
    """Return the spaces that cannot be made from feature tables."""

    def needs_sound(name: str) -> bool:
        sets = spaces(config)[name].get("sets", [])
        return bool(declared(config, name, "NEEDS_SOUND")) or not all(
            kinds.declared("descriptors", one, "TABLES") for one in sets
        )

    return [
        name for name in spaces(config) if any(needs_sound(step) for step in lineage(config, name))
    ]


def condition(config: dict, *names: str, then: Iterable[dict] = ()) -> str:
    """Return which label or outside data influenced these spaces through any ancestor.

    Parameters
    ----------
    names : spaces
    then : rows of further steps with settings, such as a method's

    Returns
    -------
    One of the conditions of `hybridmusic.terms`, the strongest: genre as a label, SUPERVISED for a
    kind that learns from genres and nothing else (see `tracks.conditions.effective`), ELSEWHERE,
    language, or none.
    """
    steps = [step for name in names for step in lineage(config, name)]
    seen = _declared_labels(config, steps, then)
    if any(declared(config, step, "LEARNS_FROM") == GENRE for step in steps):
        seen.add(SUPERVISED)
    if any(_is_pretrained(config, step) for step in steps):
        seen.add(ELSEWHERE)
    strongest = (GENRE, SUPERVISED, ELSEWHERE, LANGUAGE)
    return next((label for label in strongest if label in seen), NONE)


def _declared_labels(config: dict, steps: Iterable[str], then: Iterable[dict] = ()) -> set[str]:
    """Return the values of LABEL_SETTINGS in these spaces and in rows of further steps."""
    rows = [*(spaces(config)[step] for step in steps), *then]
    return {row.get(setting, NONE) for row in rows for setting in LABEL_SETTINGS}


def labels_used(config: dict, name: str) -> set[str]:
    """Return which labels of the tracks, genre or language, influenced a space by any ancestor."""
    steps = list(lineage(config, name))
    learned = {declared(config, step, "LEARNS_FROM") for step in steps}
    return (_declared_labels(config, steps) | learned) & {GENRE, LANGUAGE}


def scaling(config: dict, name: str) -> dict | None:
    """Return how a space is made that uses a label only to scale its parent by language.

    Such a space can be scaled again at once for shuffled languages. Its `kind` and its `settings`
    are returned; None for all other spaces.
    """
    row, above = spaces(config)[name], parents(config, name)
    used = [setting for setting in LABEL_SETTINGS if row.get(setting, NONE) != NONE]
    placed = row["kind"] in kinds.kinds("transforms") and kinds.defines(
        "transforms", row["kind"], "place"
    )
    if used != ["by"] or not placed or declared(config, name, "NEEDS") != (LANGUAGE,):
        return None
    if len(above) != 1 or labels_used(config, *above):
        return None
    return {"kind": row["kind"], "settings": settings(config, name)}


def _is_pretrained(config: dict, name: str) -> bool:
    by_setting = settings(config, name).get("pretrained", False)
    return bool(by_setting or declared(config, name, "PRETRAINED"))


def adjectives(config: dict, space: str, then: Iterable[dict] = ()) -> str:
    """Return how labels influenced a space, such as "conditioned, scaled", or an empty text.

    `then` are rows of further steps with settings, such as a method's.
    """
    rows = [*(spaces(config)[name] for name in lineage(config, space)), *then]
    return ", ".join(
        adjective
        for setting, adjective in LABEL_SETTINGS.items()
        if any(row.get(setting, NONE) != NONE for row in rows)
    )


def level(config: dict, *names: str) -> str:
    """Return the row level of spaces, or of a space made from all of them: CLIP or SONG.

    It is SONG where clips are pooled, and in whatever is made from such spaces alone.
    """

    def is_of_songs(name: str) -> bool:
        return declared(config, name, "LEVEL") == SONG or (
            level(config, *parents(config, name)) == SONG
        )

    return SONG if names and all(is_of_songs(name) for name in names) else CLIP


def has_network(config: dict, name: str) -> bool:
    """Whether a network is the space or an ancestor of it."""
    networks = names_of(config, "networks")
    return any(step in networks for step in lineage(config, name))


def has_vae(config: dict, name: str) -> bool:
    """Whether a VAE, a network with a beta, is the space or an ancestor of it."""
    kinds_of = [spaces(config)[step]["kind"] for step in lineage(config, name)]
    networks = [kind for kind in kinds_of if kind in kinds.kinds("networks")]
    return any("beta" in kinds.schemas("networks", kind) for kind in networks)


def label(config: dict, method: dict) -> str:
    """Return the name of a method in tables and figures: its label, with its level if SONG."""
    is_of_songs = level(config, method["space"]) == SONG
    return method["label"] + (f" ({SONG} level)" if is_of_songs else "")


def table_k(config: dict) -> int | None:
    """Return the number of clusters of the paper's tables: the first of `k` that is a number."""
    return next((k for k in config["k"] if not isinstance(k, str)), None)
