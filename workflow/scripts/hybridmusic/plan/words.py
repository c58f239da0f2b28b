"""Phrases of error messages about a configuration."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "object": "a mapping",
    "null": "nothing",
}
LIMITS = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
    "pattern": "matching",
}


def guess(word: str, known: Iterable[str]) -> str:
    """Return " (did you mean ...?)" for the most similar known word, or an empty text."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def unknown(name: str, known: Iterable[str], where: str, noun: str) -> str:
    """Return the sentence for a name that is not among the known ones."""
    return (
        f"{where} names the unknown {noun} {name!r}{guess(name, known)}; known: {', '.join(known)}"
    )


def allowed(schema: dict) -> str:
    """Return what a JSON schema of one setting allows."""
    if "description" in schema:
        return schema["description"]
    if "anyOf" in schema:
        return ", or ".join(allowed(option) for option in schema["anyOf"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"a list, each item {allowed(schema.get('items', {}))}"
    limits = [f"{word} {schema[key]}" for key, word in LIMITS.items() if key in schema]
    return " ".join([TYPES.get(schema.get("type"), "anything"), *limits])
