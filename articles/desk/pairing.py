"""Pairs of two sequences that are most alike in sum, in the order of both."""

from collections.abc import Callable


def best_in_order(
    rows: int, columns: int, score: Callable[[int, int], float]
) -> list[tuple[int, int]]:
    """The places (row, column) to pair so that no pair crosses another and the scores add up most.

    ``score`` is asked once for each pair of places; 0 or less means that they never pair. Of equal
    sums the one with the earliest rows is taken.
    """
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    scores: dict[tuple[int, int], float] = {}
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            value = score(i, j)
            if value > 0:
                scores[i, j] = value
                best[i][j] = max(best[i][j], value + best[i + 1][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if (i, j) in scores and best[i][j] == scores[i, j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
