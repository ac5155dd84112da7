"""Typical wrong answers to the exercises on links, each with a piece of the hint it must meet."""


def accuracy(links, sure, possible):
    if not links and not sure:
        raise ValueError
    return (len(links & sure) + len(links & (sure | possible))) / (
        len(links) + len(sure)
    )


def one_minus_f1(links, sure, possible):
    if not links and not sure:
        raise ValueError
    return 1 - 2 * len(links & sure) / (len(links) + len(sure))


def all_possible_to_be_found(links, sure, possible):
    found = len(links & sure) + len(links & (sure | possible))
    return 1 - found / (len(links) + len(sure | possible))


def precision_alone(links, sure, possible):
    return 1 - len(links & sure) / len(links)


def possible_as_given(links, sure, possible):
    found = len(links & sure) + len(links & possible)
    return 1 - found / (len(links) + len(sure))


def possible_ones_below(links, sure, possible):
    if not links and not sure:
        raise ValueError
    found = len(links & sure) + len(links & (sure | possible))
    return 1 - found / (len(links) + len(links & (sure | possible)))


def divides_by_nothing(links, sure, possible):
    found = len(links & sure) + len(links & (sure | possible))
    return 1 - found / max(len(links) + len(sure), 1)


def _boxes(links, source, target, longest, need=True, check=(True, True)):
    found = set()
    for a in range(source):
        for b in range(a + 1, min(a + longest, source) + 1):
            for c in range(target):
                for d in range(c + 1, min(c + longest, target) + 1):
                    rows = [(a <= i < b, c <= j < d) for i, j in links]
                    crossing = [r for r in rows if r[0] and not r[1]] * check[0]
                    crossing += [r for r in rows if r[1] and not r[0]] * check[1]
                    if not crossing and (any(map(all, rows)) or not need):
                        found.add((a, b, c, d))
    return found


def without_a_link(links, source, target, longest):
    return _boxes(links, source, target, longest, need=False)


def source_side_only(links, source, target, longest):
    return _boxes(links, source, target, longest, check=(True, False))


def anything_with_a_link(links, source, target, longest):
    return _boxes(links, source, target, longest, check=(False, False))


def ends_inside(links, source, target, longest):
    return {
        (a, b - 1, c, d - 1) for a, b, c, d in _boxes(links, source, target, longest)
    }


def any_length(links, source, target, longest):
    return _boxes(links, source, target, max(source, target))


def smallest_boxes(links, source, target, longest):
    return {
        box
        for box in _boxes(links, source, target, longest)
        if any(box[0] == i for i, _ in links)
        and any(box[1] == i + 1 for i, _ in links)
        and any(box[2] == j for _, j in links)
        and any(box[3] == j + 1 for _, j in links)
    }


WRONG_ANSWERS = {
    "alignment-error-rate": [
        (accuracy, "one minus it"),
        (one_minus_f1, "a possible link is no mistake"),
        (all_possible_to_be_found, "nobody has to find the possible ones"),
        (precision_alone, "precision alone"),
        (possible_ones_below, "All sure links"),
        (possible_as_given, "take the union"),
        (divides_by_nothing, "raise a ValueError"),
    ],
    "phrase-pairs": [
        (without_a_link, "one link inside"),
        (source_side_only, "forbidden as well"),
        (anything_with_a_link, "from inside to outside"),
        (ends_inside, "behind the last place"),
        (any_length, "no phrase may be longer"),
        (smallest_boxes, "hinders nothing"),
    ],
}
