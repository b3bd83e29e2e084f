"""Join the rectangles of characters or words that stand on one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.documents import Box, Word

Rectangle = tuple[float, float, float, float]


def joined(boxes: Iterable[tuple[Rectangle, int]]) -> list[Rectangle]:
    """Return one rectangle a line of text; each box comes with the degrees its text is shown turned to the left."""
    found: list[Rectangle] = []
    before = 0
    for box, turn in boxes:
        if found and before == turn and _same_line(found[-1], box, turn):
            last = found[-1]
            found[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            found.append(box)
        before = turn
    return found


def boxes_of_words(words: Sequence[Word], start: int, end: int) -> tuple[Box, ...]:
    """Return where the characters `start` to `end` of a recognised page stand, whole words at a time."""
    cited = [word.box for word in words if word.start < end and word.end > start]
    return tuple(Box(*one) for one in joined(((box.left, box.top, box.right, box.bottom), 0) for box in cited))


def _same_line(last: Rectangle, box: Rectangle, turn: int) -> bool:
    """Tell whether two rectangles share most of their line's height and the second goes on where the line goes."""
    low, high = (1, 3) if turn in {0, 180} else (0, 2)
    shared = min(last[high], box[high]) - max(last[low], box[low])
    lesser = min(last[high] - last[low], box[high] - box[low])
    onward = {
        0: box[0] >= last[0] - 1,
        90: box[3] <= last[3] + 1,
        180: box[2] <= last[2] + 1,
        270: box[1] >= last[1] - 1,
    }
    return shared > lesser / 2 and onward[turn]
