"""Words that mostly praise and words that mostly blame: a short list, written for the course from nobody's lexicon."""

from __future__ import annotations

from types import MappingProxyType

_EN_POSITIVE = """
admire admirable adorable adore amazing amused amusing awesome beautiful beautifully best better blessed brilliant
calm charming cheerful cheerfully clean clever comfortable comfy congratulations cozy cute delicious delight
delighted delightful easy elegant enjoy enjoyable enjoyed enjoying enthusiastic excellent excited exciting fabulous
fair fantastic fascinating favorite fine flawless fond free fresh friendly fun funny generous gentle genuine gift
glad glorious good gorgeous grateful great gripping handsome handy happier happiest happily happy helpful honest
honestly impressed impressive inspiring interesting joy joyful kind kindly kindness laughed laughing like liked likes
lively love loved lovely loves loving loyal luck lucky magical magnificent marvelous masterpiece memorable neat nice
nicely outstanding patient peaceful perfect perfectly pleasant pleased pleasure polite praise pretty proud recommend
recommended refreshing relaxed relaxing relief reliable rewarding satisfied satisfying smart smile smiled smiling
smooth smoothly special splendid stunning super superb sweet talented terrific thank thankful thanks thoughtful
thrilled touching treasure trust useful warm welcome welcoming well win wise won wonderful wonderfully worth
worthwhile wow yummy
"""
_EN_NEGATIVE = """
abysmal aggressive afraid angry annoyed annoying anxious appalling arrogant ashamed atrocious awful awfully awkward
bad badly bitter bland bored boring broke broken bug bugs buggy careless cheap cheated chaos chaotic clumsy cold
complain complained complaint confused confusing cramped crash crashed crashes crashing creepy cried cruel cry damage
damaged damp dangerous depressing desperate dirty disappointed disappointing disappointment disaster disgusting
dishonest dismal dread dreadful dreary dull dumb expensive fail failed fails failure fake faulty fault filthy flawed
forgettable fraud frustrated frustrating furious greasy grim gross guilty harsh hate hated hates horrible horribly
horrified hurt hurts ignored incompetent inedible insult insulting irritating jealous junk lazy lie lied lies lonely
lose losing lost lousy mad mean mediocre mess messy miserable mistake mistakes mold moldy nasty nightmare noisy
nonsense nuisance overpriced pain painful pathetic pity pointless poor poorly predictable problem problems rage
regret rip-off rotten rude ruin ruined ruins sad sadly scam scared scary shabby shame shocking sick sloppy slow smell
smells smelly sour stale stank stingy stress stressful stuck stupid suffer tasteless terrible terribly terrified
tired tiring tragic trash trouble ugly unacceptable unbearable uncomfortable unfair unfortunate unfortunately
unfriendly unhappy unpleasant unreliable upset useless waste wasted weak worse worst worthless wrong yelled yelling
"""
_ZH_POSITIVE = """
爱 喜欢 开心 高兴 快乐 幸福 满意 满足 感动 感谢 感激 谢谢 庆幸 欣慰 放心 安心 舒服 舒适 舒心 舒坦 痛快 愉快 愉悦 惊喜
兴奋 激动 骄傲 自豪 好 很好 真好 好吃 好喝 好看 好听 好玩 好用 好评 美 美丽 美好 美味 漂亮 可爱 精彩 精致 优秀 优美
出色 出众 完美 绝妙 绝佳 极好 太棒 真棒 棒 赞 点赞 值得 推荐 强烈推荐 难忘 迷人 动人 温暖 温馨 温柔 亲切 热情 热心
贴心 周到 耐心 细心 体贴 善良 友好 友善 和气 客气 大方 真诚 诚实 靠谱 可靠 干净 整洁 清爽 清新 新鲜 香 甜 鲜美 可口
爽口 入味 过瘾 带劲 顺利 顺畅 流畅 方便 省心 省事 实惠 划算 超值 物美价廉 便宜 合适 安静 宁静 清静 宽敞 明亮 有趣
有意思 搞笑 幽默 风趣 生动 感人 治愈 解压 享受 佩服 敬佩 羡慕 欣赏 称赞 夸 表扬 笑 大笑 乐 成功 胜利 赢 进步 健康
精神 聪明 能干 厉害 了不起 神奇 惊艳 震撼 回味 期待 想念 珍惜 幸运 走运 福气 喜悦 欢喜 欢乐 热闹 轻松 自在 惬意 踏实
给力 良心 用心 专业 高效 及时
"""
_ZH_NEGATIVE = """
恨 讨厌 厌恶 恶心 反感 生气 气愤 愤怒 恼火 火大 气死 气人 伤心 难过 痛苦 悲伤 悲哀 委屈 失望 绝望 沮丧 郁闷 烦 烦人
烦躁 心烦 焦虑 担心 害怕 恐怖 可怕 吓人 后悔 遗憾 可惜 可怜 倒霉 尴尬 丢人 丢脸 羞愧 无聊 乏味 枯燥 沉闷 单调 无趣
没意思 没劲 差 太差 很差 差劲 差评 糟 糟糕 糟心 坏 烂 破 旧 难吃 难喝 难看 难听 难用 难受 难闻 难懂 丑 臭 脏 脏乱
肮脏 油腻 发霉 霉味 馊 腥 苦 酸 硬 咸 贵 太贵 昂贵 坑 坑人 骗 骗子 骗人 上当 欺骗 假 假货 劣质 粗糙 粗鲁 粗暴 敷衍
马虎 懒 懒散 冷漠 冷淡 傲慢 恶劣 无礼 凶 骂 吵 吵闹 嘈杂 吵架 拥挤 挤 堵 慢 太慢 卡 卡顿 死机 闪退 崩溃 故障 漏水 漏
坏了 断 裂 丢 丢失 浪费 白费 白花 亏 吃亏 赔 输 失败 错误 错 问题 麻烦 折腾 折磨 受罪 受不了 忍无可忍 无语 投诉 退货
抱怨 埋怨 拖延 拖 推脱 不值 不满 不爽 不好 不行 不舒服 无奈 混乱 乱 危险 疼 痛 病 累 疲惫 哭 流泪 孤独 寂寞 自私 虚伪
小气 狡猾 愚蠢 笨 蠢 垃圾 废物
"""


def _words(positive: str, negative: str) -> dict[str, str]:
    both = dict.fromkeys(positive.split(), "positive")
    return both | dict.fromkeys(negative.split(), "negative")


_WORDS = {
    "en": _words(_EN_POSITIVE, _EN_NEGATIVE),
    "zh": _words(_ZH_POSITIVE, _ZH_NEGATIVE),
}


def polarity_words(language: str = "en") -> MappingProxyType[str, str]:
    """Return some one hundred and seventy words of each kind, written down without the sentences at hand.

    Args:
        language: ``"en"`` or ``"zh"``.

    Returns:
        For each word ``"positive"`` or ``"negative"``: what it mostly is, out of context.

    Raises:
        ValueError: If there is no such language.

    Example:
        >>> polarity_words("zh")["开心"], polarity_words("en")["rude"]
        ('positive', 'negative')
    """
    if language not in _WORDS:
        raise ValueError(f'language must be "en" or "zh", got {language!r}')
    return MappingProxyType(_WORDS[language])
