"""How hard a text is to read, as a school grade (Flesch-Kincaid), and how many words it has."""

import re

HIGHEST_GRADE = 8.0
"""A reader of about 12 follows a text up to this grade."""
PURPOSE_WORDS = 25

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:]+(?:\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(r"(?:[^laeiouy]e|[^laeiouy]es|[^aeioutdy]ed)$")


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def _syllables(word: str) -> int:
    """Groups of vowels, without the silent endings of English: within a few per cent over a page."""
    count = 0
    for part in re.split(r"[-'’]", word.lower()):
        groups = len(_VOWELS.findall(part))
        if groups > 1 and _SILENT_END.search(part):
            groups -= 1
        count += groups
    return max(count, 1)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    found = words(text)
    if not found:
        return 0.0
    sentences = [part for part in _SENTENCE_END.split(text) if words(part)]
    syllables = sum(_syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences) + 11.8 * syllables / len(found) - 15.59
