"""Sentences of the phrasebook, read and approved one by one: each must be in the corpus exactly as it stands here."""

from __future__ import annotations

import pytest

from companion.corpora.phrases import construction_names, phrasebook

GOLDEN: tuple[tuple[str, str], ...] = (
    ("I love programming.", "我爱编程。"),
    ("I like programming.", "我喜欢编程。"),
    ("I am very happy today.", "我今天很开心。"),
    ("Natural language processing is very interesting.", "自然语言处理很有意思。"),
    ("A language model predicts the next word.", "语言模型预测下一个词。"),
    ("How is the weather in Beijing today?", "今天北京的天气怎么样？"),
    ("It will rain in London tomorrow.", "伦敦明天会下雨。"),
    ("It did not snow in Moscow yesterday.", "莫斯科昨天没下雪。"),
    ("It is half past two now.", "现在两点半。"),
    ("The train leaves at a quarter past eight.", "火车八点一刻出发。"),
    ("The movie begins at nine oh five.", "电影九点零五分开始。"),
    ("Today is Sunday.", "今天是星期日。"),
    ("What is your name?", "你叫什么名字？"),
    ("Nice to meet you.", "很高兴认识你。"),
    ("Is it hot in New York today?", "纽约今天热吗？"),
    ("Tomorrow is July 8, right?", "明天是七月八日，对不对？"),
    ("It is six twenty now.", "现在六点二十分。"),
    ("Helen is eight years younger than Alice.", "海伦比爱丽丝小八岁。"),
    ("Alice is one year younger than Robert.", "爱丽丝比罗伯特小一岁。"),
    (
        "This bank is very big, but that one is even bigger.",
        "这家银行很大，但是那家更大。",
    ),
    ("Is that bridge longer than this one?", "那座桥比这座长吗？"),
    ("My grandmother swims faster than my wife.", "我奶奶游得比我妻子快。"),
    (
        "Sophia is the thinnest engineer in our company.",
        "索菲亚是我们公司最瘦的工程师。",
    ),
    ("Her younger brother sometimes washes clothes.", "她弟弟有时候洗衣服。"),
    ("Jack is answering that question.", "杰克正在回答那个问题。"),
    ("They copied a beautiful poem last Tuesday.", "他们上个星期二抄了一首优美的诗。"),
    (
        "The teachers ate a sandwich yesterday morning.",
        "老师们昨天上午吃了一个三明治。",
    ),
    (
        "Zhang Wei and I sang for four hours last night.",
        "我和张伟昨天晚上唱了四个小时的歌。",
    ),
    ("They did not drink any juice this morning.", "他们今天早上没喝果汁。"),
    ("Li Ming has never eaten dumplings.", "李明从来没吃过饺子。"),
    ("Martin and I have watched that movie.", "我和马丁看过那部电影。"),
    (
        "I will repair two washing machines next Wednesday.",
        "我下个星期三会修理两台洗衣机。",
    ),
    ("I will not paint in the garden next Monday.", "我下个星期一不会在花园里画画。"),
    (
        "My wife is going to study in the library next Tuesday.",
        "我妻子下个星期二要在图书馆学习。",
    ),
    (
        "Lucy is going to make dumplings in the kitchen next Monday.",
        "露西下个星期一要在厨房里包饺子。",
    ),
    ("She will go to the station the day after tomorrow.", "她后天会去车站。"),
    ("Daniel has just repaired a table.", "丹尼尔刚修理了一张桌子。"),
    (
        "Lisa has already finished drinking this glass of milk.",
        "丽莎已经喝完这杯牛奶了。",
    ),
    ("We have not finished drinking this glass of water yet.", "我们还没喝完这杯水。"),
    ("We never cook.", "我们从来不做饭。"),
    ("She is not exercising now.", "她现在没在锻炼。"),
    ("Peter can speak Japanese.", "彼得会说日语。"),
    ("Michael can drive.", "迈克尔会开车。"),
    (
        "They cannot finish writing that article tomorrow evening.",
        "他们明天晚上不能写完那篇文章。",
    ),
    (
        "My teacher cannot finish reading those reports tomorrow evening.",
        "我的老师明天晚上不能读完那些报告。",
    ),
    (
        "You do not have to take a walk in the garden tomorrow afternoon.",
        "你明天下午不用在花园里散步。",
    ),
    ("Alice must wash her bowl.", "爱丽丝必须洗她的碗。"),
    ("Martin and Nina do not want to write this email.", "马丁和妮娜不想写这封邮件。"),
    ("May we use that washing machine?", "我们可以用那台洗衣机吗？"),
    ("Can you help him discuss this poem?", "你能帮他讨论这首诗吗？"),
    ("Can your neighbor play tennis?", "你的邻居会打网球吗？"),
    ("Please translate this article.", "请翻译这篇文章。"),
    ("Let's cook at home tomorrow morning.", "我们明天上午在家做饭吧。"),
    ("Please give that gift to my older brother.", "请把那件礼物给我哥哥。"),
    ("We gave this gift to my older sister.", "我们把这件礼物给了我姐姐。"),
    (
        "It rained yesterday, so he watched TV at home.",
        "昨天下雨了，所以他在家看了电视。",
    ),
    (
        "Zhang Wei won the game, so he called a good friend.",
        "张伟赢了比赛，所以他给一个好朋友打了电话。",
    ),
    (
        "If it rains tomorrow, Laura will not go to the park.",
        "如果明天下雨，劳拉就不去公园。",
    ),
    (
        "If Zhang Wei has time tomorrow, he will draw that cat.",
        "如果张伟明天有时间，他就会画那只猫。",
    ),
    (
        "My wife can ride a bicycle, but she cannot drive.",
        "我妻子会骑自行车，但是她不会开车。",
    ),
    (
        "Helen began to draw this bridge this morning, but she has not finished it yet.",
        "海伦今天早上开始画这座桥，但是她还没画完。",
    ),
    (
        "He took a walk last Wednesday, and I wrote a letter last Thursday.",
        "他上个星期三散了步，我上个星期四写了一封信。",
    ),
    (
        "He can speak English, and my younger sister can speak English too.",
        "他会说英语，我妹妹也会说英语。",
    ),
    (
        "Although Linda practiced every day, she did not get a good grade.",
        "虽然琳达每天都练习，但是她没得到好成绩。",
    ),
    (
        "They are programming, I am doing homework, and Michael is drawing this rabbit.",
        "他们正在编程，我正在做作业，迈克尔正在画这只兔子。",
    ),
    ("Helen was extremely sad last night.", "海伦昨天晚上非常难过。"),
    ("I am very thirsty today.", "我今天很渴。"),
    ("The children are not very hard-working.", "孩子们不太勤奋。"),
    ("That suitcase is extremely beautiful.", "那个行李箱非常漂亮。"),
    ("Those datasets are too big.", "那些数据集太大了。"),
    ("Is your older brother thirsty now?", "你哥哥现在渴吗？"),
    ("I am not a programmer.", "我不是程序员。"),
    ("This is not my mother's key.", "这不是我妈妈的钥匙。"),
    ("This is not Martin's car.", "这不是马丁的汽车。"),
    ("Jack is twenty-seven years old.", "杰克二十七岁。"),
    ("This pen costs sixty yuan.", "这支钢笔六十块钱。"),
    ("There are three ducks in the garden.", "花园里有三只鸭子。"),
    ("There is an old table in the library.", "图书馆里有一张旧桌子。"),
    ("Chen Jing was at the market yesterday.", "陈静昨天在市场。"),
    ("Kevin and I come from Sydney.", "我和凯文来自悉尼。"),
    ("Do they drink milk every day?", "他们每天喝牛奶吗？"),
    ("Is Tom working?", "汤姆在工作吗？"),
    ("Did you find these umbrellas last week?", "你上个星期找到了这些雨伞吗？"),
    ("Have you ever listened to this story?", "你听过这个故事吗？"),
    ("Does Anna want to study Japanese?", "安娜想学日语吗？"),
    ("Does she have a cat?", "她有猫吗？"),
    ("Your neighbor likes playing the piano, right?", "你的邻居喜欢弹钢琴，对不对？"),
    ("My wife likes studying.", "我妻子喜欢学习。"),
    ("They do not like reading poems.", "他们不喜欢读诗。"),
    ("Daniel will help my wife this weekend.", "丹尼尔这个周末会帮助我妻子。"),
    ("We do not understand my classmate.", "我们不理解我的同学。"),
    ("Wang Fang is wearing a white shirt today.", "王芳今天穿着一件白色的衬衫。"),
    ("Wang Fang does not have a bicycle.", "王芳没有自行车。"),
    ("He has three younger sisters.", "他有三个妹妹。"),
    ("Li Na plays the guitar very well.", "李娜吉他弹得很好。"),
    (
        "When she came into the classroom, Zhao Lei was reading a novel.",
        "她走进教室的时候，赵磊正在读一本小说。",
    ),
    ("I believe that my friend is very careful.", "我相信我的朋友很细心。"),
    (
        "I have heard that she found her scarf the day before yesterday.",
        "我听说她前天找到了她的围巾。",
    ),
    ("Tom often reads magazines before breakfast.", "汤姆吃早饭以前经常读杂志。"),
    (
        "The emails that he read last Monday are not very long.",
        "他上个星期一读的那些邮件不太长。",
    ),
    (
        "Wang Fang likes the movie that he watched two days ago.",
        "王芳喜欢他两天前看的那部电影。",
    ),
    (
        "The student who is chatting with friends at home is Anna's friend.",
        "正在家跟朋友聊天的那个学生是安娜的朋友。",
    ),
    (
        "Julia went to school to watch four basketball games the day before yesterday.",
        "朱莉娅前天去学校看了四场篮球比赛。",
    ),
    ("What is she translating?", "她在翻译什么？"),
    ("Who is training a language model?", "谁在训练一个语言模型？"),
    ("Where did you borrow those two dictionaries?", "那两本词典你是在哪里借的？"),
    ("Where does Lisa practice English?", "丽莎在哪里练习英语？"),
    ("When did you arrive in Berlin?", "你是什么时候到柏林的？"),
    ("Why does Chen Jing want to test those cameras?", "陈静为什么想测试那些相机？"),
    (
        "Why did they not do homework yesterday afternoon?",
        "他们昨天下午为什么没做作业？",
    ),
    (
        "How does your younger sister usually go to the bookstore?",
        "你妹妹通常怎么去书店？",
    ),
    ("How did your grandfather go to Chengdu?", "你爷爷是怎么去成都的？"),
    ("How many older sisters does your neighbor have?", "你的邻居有几个姐姐？"),
    ("Which algorithm do they want to test?", "他们想测试哪个算法？"),
    ("How much is this washing machine?", "这台洗衣机多少钱？"),
    ("How old is Paul?", "保罗多大？"),
)

PAIRS = phrasebook().pairs
TARGET = {pair.source: pair.target for pair in PAIRS}


@pytest.mark.parametrize(("english", "chinese"), GOLDEN)
def test_golden_pair(english: str, chinese: str) -> None:
    assert TARGET.get(english) == chinese


def test_golden_pairs_cover_every_construction() -> None:
    golden = {english for english, _ in GOLDEN}
    covered = {
        tag
        for pair in PAIRS
        if pair.source in golden
        for tag in pair.tags
        if tag.startswith("construction:")
    }
    assert covered == {f"construction:{name}" for name in construction_names()}
    assert len(GOLDEN) >= 80
