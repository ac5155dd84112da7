"""The types all corpora share: their fingerprints and splits."""

import pytest

from companion.corpora import Corpus, Document, Pair, ParallelCorpus


def corpus(count: int = 2000, group=lambda number: None) -> Corpus:
    documents = tuple(
        Document(f"d{number}", f"text {number}", group=group(number))
        for number in range(count)
    )
    return Corpus("numbers", documents, "en", "CC0-1.0", "written here")


def parallel(count: int = 2000) -> ParallelCorpus:
    pairs = [
        Pair(f"s{number // 2}", f"t{number}", frozenset({f"last:{number % 10}"}))
        for number in range(count)
    ]
    return ParallelCorpus(
        "numbers", tuple(pairs), "en", "zh", "CC0-1.0", "written here"
    )


def test_split_parts_the_documents_near_the_fractions() -> None:
    whole = corpus()
    split = whole.split(valid=0.1, test=0.2)
    parts = [
        {document.id for document in part}
        for part in (split.train, split.valid, split.test)
    ]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(whole)
    assert len(parts[1]) == pytest.approx(200, abs=60)
    assert len(parts[2]) == pytest.approx(400, abs=80)


def test_a_document_stays_in_its_part_when_others_come() -> None:
    few, many = corpus(100).split(), corpus(2000).split()
    assert {document.id for document in few.test} <= {
        document.id for document in many.test
    }


def test_a_group_is_never_torn() -> None:
    split = corpus(group=lambda number: f"g{number // 5}").split(valid=0.3, test=0.3)
    groups = [
        {document.group for document in part}
        for part in (split.train, split.valid, split.test)
    ]
    assert all(groups)
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_pairs_with_one_source_stay_together() -> None:
    split = parallel().split(valid=0.2, test=0.2)
    sources = [
        {pair.source for pair in part}
        for part in (split.train, split.valid, split.test)
    ]
    assert sum(map(len, sources)) == len(set.union(*sources)) == 1000


def test_hold_out_takes_every_pair_with_the_property_and_its_source() -> None:
    split = parallel().hold_out(lambda pair: "last:3" in pair.tags, valid=0.1)
    assert len(split.test) == 400  # s1: t2 and t3, s6: t12 and t13, ...
    assert not {pair.source for pair in split.test} & {
        pair.source for pair in (*split.train, *split.valid)
    }
    assert len(split.train) + len(split.valid) == 1600
    assert len(split.valid) == pytest.approx(160, abs=60)


@pytest.mark.parametrize(("choice", "said"), [(True, "every pair"), (False, "no pair")])
def test_hold_out_refuses_an_empty_part(choice, said) -> None:
    with pytest.raises(ValueError, match=said):
        parallel().hold_out(lambda pair: choice)


@pytest.mark.parametrize(("valid", "test"), [(-0.1, 0.1), (0.5, 0.5), (0.1, 1.0)])
def test_fractions_that_leave_nothing_are_refused(valid, test) -> None:
    for each in (corpus(), parallel()):
        with pytest.raises(ValueError, match=f"valid={valid}, test={test}"):
            each.split(valid=valid, test=test)


@pytest.mark.parametrize(
    "change",
    [{"text": "x"}, {"link": "x"}, {"label": "x"}, {"group": "x"}, {"id": "x"}],
)
def test_the_fingerprint_sees_every_field(change) -> None:
    document = {"id": "a", "text": "b"}
    one, other = (
        Corpus("c", (Document(**fields),), "en", "CC0-1.0", "here").fingerprint
        for fields in (document, document | change)
    )
    assert one != other


def test_a_document_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="non-empty id"):
        Document("", "text")


def test_the_representation_is_a_summary() -> None:
    assert (
        repr(corpus(3)) == "<Corpus 'numbers': 3 documents, 18 characters, en, CC0-1.0>"
    )
    assert repr(parallel(4)) == "<ParallelCorpus 'numbers': 4 pairs, en to zh, CC0-1.0>"
