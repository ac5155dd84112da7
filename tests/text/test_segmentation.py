import itertools
import math

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.text import (
    maximum_matching,
    segmentation_score,
    unigram_log_probs,
    viterbi_segment,
)

# Written for these tests; Chinese characters only, so that jieba's rules for digits and Latin stay out.
SENTENCES = (
    "他昨天在图书馆研究生命的起源",
    "我们明天上午去北京大学听语言学的报告",
    "这个问题比我想象的要复杂得多",
    "老师把学生的作业都放在桌子上了",
    "南京市长江大桥今天早上通车",
    "小狗喜欢在公园里追蝴蝶和麻雀",
    "他说的确实在理但是没有人听",
    "结婚的和尚未结婚的人都来了",
    "机器学习模型需要大量的训练数据",
    "昨晚的月亮又大又圆照亮了整个村子",
    "火车晚点了两个小时我们只好在车站等",
    "如果下雨比赛就推迟到下个星期天",
    "妈妈做的红烧肉比饭店里的还好吃",
    "乒乓球拍卖完了明年再来买吧",
    "她把钥匙忘在办公室的抽屉里了",
    "春天来了河边的柳树开始发芽",
)


@pytest.fixture(scope="module")
def dictionary() -> tuple[dict[str, float], float]:
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    counts = {word: count for word, count in jieba.dt.FREQ.items() if count}
    return {
        word: math.log(count / jieba.dt.total) for word, count in counts.items()
    }, -math.log(jieba.dt.total)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_viterbi_equals_jieba_without_hmm(
    sentence: str, dictionary: tuple[dict[str, float], float]
) -> None:
    log_probs, unknown = dictionary
    assert viterbi_segment(sentence, log_probs, unknown) == jieba.lcut(
        sentence, HMM=False
    )


def test_forward_is_misled_where_backward_is_not() -> None:
    lexicon = {"研究", "研究生", "生命", "的", "起源"}
    assert maximum_matching("研究生命的起源", lexicon, "forward") == [
        "研究生",
        "命",
        "的",
        "起源",
    ]
    assert maximum_matching("研究生命的起源", lexicon, "backward") == [
        "研究",
        "生命",
        "的",
        "起源",
    ]
    # As many words, fewer single characters: backward.
    assert maximum_matching("研究生命的起源", lexicon) == ["研究", "生命", "的", "起源"]


def test_bidirectional_prefers_fewer_words_whichever_side_finds_them() -> None:
    # Forward: ab, cd (2 words). Backward: a, b... takes bcd first, then a.
    assert maximum_matching("abcde", {"ab", "cde", "de", "bc"}, "bidirectional") == [
        "ab",
        "cde",
    ]
    lexicon = {"ab", "abc", "cde", "de"}
    assert maximum_matching("abcde", lexicon, "forward") == ["abc", "de"]
    assert maximum_matching("abcde", lexicon, "backward") == ["ab", "cde"]
    # Forward finds one word, backward three.
    lexicon = {"abcd", "cd", "bcde", "e", "ab"}
    assert maximum_matching("abcde", lexicon, "bidirectional") == ["a", "bcde"]


def brute_force(text: str, log_probs: dict[str, float], unknown: float) -> float:
    best = -math.inf
    for cuts in itertools.product([False, True], repeat=len(text) - 1):
        bounds = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(text)]
        words = [text[a:b] for a, b in itertools.pairwise(bounds)]
        score = sum(
            log_probs.get(w, unknown if len(w) == 1 else -math.inf) for w in words
        )
        best = max(best, score)
    return best


@given(
    st.text("ab中", min_size=1, max_size=8),
    st.dictionaries(
        st.text("ab中", min_size=1, max_size=3),
        st.integers(1, 50),
        min_size=1,
        max_size=12,
    ),
)
def test_viterbi_is_the_best_of_all_segmentations(
    text: str, counts: dict[str, int]
) -> None:
    log_probs = unigram_log_probs(counts)
    unknown = min(log_probs.values()) - 1
    words = viterbi_segment(text, log_probs)
    assert "".join(words) == text
    score = sum(log_probs.get(word, unknown) for word in words)
    assert score == pytest.approx(brute_force(text, log_probs, unknown))


def test_unknown_characters_cost_what_is_said() -> None:
    log_probs = unigram_log_probs({"ab": 1, "b": 9})
    # Free unknown characters beat the rare word, dear ones do not.
    assert viterbi_segment("ab", log_probs, unknown_log_prob=0.0) == ["a", "b"]
    assert viterbi_segment("ab", log_probs, unknown_log_prob=-50.0) == ["ab"]


@given(st.text(), st.sampled_from(["forward", "backward", "bidirectional"]))
def test_segments_join_to_the_text(text: str, direction: str) -> None:
    lexicon = {"ab", "我们", "我", "abc"}
    assert "".join(maximum_matching(text, lexicon, direction)) == text
    assert "".join(viterbi_segment(text, dict.fromkeys(lexicon, -1.0))) == text


def test_empty_text() -> None:
    assert maximum_matching("", {"a"}) == []
    assert viterbi_segment("", {"a": -1.0}) == []


def test_score_of_a_known_case() -> None:
    # Reference 研究|生命|起源, guess 研究|生|命|起源: 2 of 4 guessed are right, 2 of 3 are found.
    precision, recall, f1 = segmentation_score(
        [["研究", "生", "命", "起源"]], [["研究", "生命", "起源"]]
    )
    assert (precision, recall) == (0.5, pytest.approx(2 / 3))
    assert f1 == pytest.approx(4 / 7)
    assert segmentation_score([["a", "b"]], [["a", "b"]]) == (1.0, 1.0, 1.0)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="lexicon is empty"):
        maximum_matching("我", set())
    with pytest.raises((ValueError, TypeError), match="direction"):
        maximum_matching("我", {"我"}, "sideways")
    with pytest.raises(ValueError, match="log_probs is empty"):
        viterbi_segment("我", {})
    with pytest.raises(ValueError, match="> 0"):
        viterbi_segment("我", {"我": -1.0}, unknown_log_prob=1.0)
    with pytest.raises(ValueError, match="all counts are 0"):
        unigram_log_probs({"a": 0})
    with pytest.raises(ValueError, match="negative"):
        unigram_log_probs({"a": -1})
    with pytest.raises(ValueError, match="two different sentences"):
        segmentation_score([["a"]], [["b"]])
    with pytest.raises(ValueError, match="no word"):
        segmentation_score([], [])
