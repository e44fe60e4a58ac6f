"""The nearest known word to a misspelt one: candidates by common triples of letters, then by the count of slips."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SHORTEST: Final = 4
_MOST_CANDIDATES: Final = 24


@dataclass(frozen=True)
class Nearest:
    """Words by their triples. Read only: all threads share it."""

    words: tuple[str, ...]
    by_triple: dict[str, list[int]]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Nearest":
        kept = tuple(sorted({word for word in words if len(word) >= _SHORTEST - 1 and word.isalpha()}))
        by_triple: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(kept):
            for triple in _triples(word):
                by_triple[triple].append(number)
        return cls(kept, dict(by_triple))

    def find(self, word: str) -> tuple[str, int] | None:
        """The nearest word and how many slips it takes: one up to six letters, two from seven; an unfinished word
        of four letters and more counts as one slip."""
        if len(word) < _SHORTEST or len(word) > 40:
            return None
        allowed = 1 if len(word) < 7 else 2
        shared: Counter[int] = Counter()
        for triple in _triples(word):
            shared.update(self.by_triple.get(triple, ()))
        best: tuple[int, int, str] | None = None
        for number, common in shared.most_common(_MOST_CANDIDATES):
            known = self.words[number]
            slips = 1 if known.startswith(word) else slips_between(word, known, allowed)
            if slips <= allowed and (best is None or (slips, -common, known) < best):
                best = (slips, -common, known)
        return (best[2], best[0]) if best else None


def slips_between(typed: str, known: str, most: int) -> int:
    """Letters left out, added, changed, and neighbours swapped (optimal string alignment); ``most + 1`` when more."""
    if abs(len(typed) - len(known)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(known) + 1))
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, other in enumerate(known, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == known[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def _triples(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}
