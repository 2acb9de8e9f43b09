"""A typed name finds the patient, however it is written; and nobody is found by a name of somebody else."""

from __future__ import annotations

import time

import pytest

from workstation.dicom.attributes import PersonName
from workstation.dicom.name_search import NameWords, sort_key

BOTH = PersonName("Ouyang^Xiaodong", "欧阳^晓东")
CHINESE = PersonName("欧阳^晓东")
JOINED = PersonName("", "欧阳晓东")
LETTERS = PersonName("OUYANG XIAODONG")


@pytest.mark.parametrize("name", [BOTH, CHINESE, JOINED, LETTERS], ids=["both", "Chinese", "joined", "letters"])
@pytest.mark.parametrize("typed", [
    "欧阳晓东", "欧阳", "晓东", "晓东 欧阳", "欧阳^晓东", "欧 阳 晓 东",
    "ouyang xiaodong", "ouyangxiaodong", "OUYANG", "Ouyang^Xiaodong", "xiaodong ouyang", "xiaodongouyang", "xiaod",
    "ōuyáng xiǎodōng", "ou1yang2 xiao3dong1", "ｏｕｙａｎｇ", "ou-yang", "oyxd", "oy", "xd", "ouyangxd", "ouyang xd",
    "o",    "欧阳 xd", "ouyang*",
])  # fmt: skip
def test_ouyang_xiaodong_is_found_by_all_that_a_hand_types_for_him(typed, name):
    assert NameWords.of(typed).find(name)


@pytest.mark.parametrize("name", [BOTH, CHINESE, LETTERS])
@pytest.mark.parametrize(
    "typed", ["王", "wang", "dongxiao", "yx", "ouyangxiaoming", "欧晓", "zzz", "d", "oyxx", "阳欧"]
)
def test_he_is_not_found_by_another_name(typed, name):
    assert not NameWords.of(typed).find(name)


# Readings as surnames: sources/surnames.txt of github.com/overtrue/pinyin (MIT), a published list; every polyphonic one
_LIST = (
    "万俟 moqi,尉迟 yuchi,单于 chanyu,重 chong,秘 bi,冼 xian,华 hua,过 guo,纪 ji,燕 yan,种 chong,繁 po,"
    "幺 yao,覃 qin,冯 feng,石 shi,缪 miao,瞿 qu,曾 zeng,解 xie,折 she,那 na,佴 nai,难 nan,粘 nian,"
    "藏 zang,扎 za,翟 zhai,都 du,六 lu,薄 bo,贾 jia,哈 ha,居 ju,盖 ge,查 zha,盛 sheng,塔 ta,和 he,柏 bai,"
    "朴 piao,蓝 lan,牟 mou,殷 yin,陆 lu,乜 nie,乐 yue,阚 kan,叶 ye,强 qiang,不 fou,丁 ding,阿 a,汤 tang,"
    "万 wan,车 che,称 cheng,沈 shen,区 ou,仇 qiu,宿 su,南 nan,单 shan,卜 bu,鸟 niao,思 si,殳 shu,寻 xun,"
    "於 yu,烟 yan,余 yu,浅 qian,艾 ai,无 wu,信 xin,许 xu,齐 qi,俞 yu,若 ruo,贠 yun"
)
SURNAMES = dict(pair.split() for pair in _LIST.split(","))
_INITIALS = {"万俟": "mq", "尉迟": "yc", "单于": "cy"}


@pytest.mark.parametrize(("surname", "pinyin"), SURNAMES.items())
def test_a_surname_is_found_by_its_own_reading_and_initials(surname, pinyin):
    name = PersonName("", f"{surname}^建国")
    assert NameWords.of(pinyin).find(name)
    assert NameWords.of(f"{pinyin} jianguo").find(name)
    assert NameWords.of(_INITIALS.get(surname, pinyin[0]) + "jg").find(name)


@pytest.mark.parametrize("typed", ["lü", "lv", "lu", "lyu", "lǚ", "lu:", "lü3"])
def test_the_umlaut_of_lv_is_typed_in_every_way_there_is(typed):
    assert NameWords.of(f"{typed} wei").find(PersonName("", "吕^伟"))


def test_a_name_of_another_language_is_found_by_the_beginnings_of_its_words():
    name = PersonName("Müller-Lüdenscheidt^Hans")
    assert NameWords.of("muller").find(PersonName("Muller^Hans"))
    assert NameWords.of("hans").find(name)
    assert not NameWords.of("schulz").find(name)


def test_what_was_typed_is_in_no_repr():
    assert "ouyang" not in repr(NameWords.of("ouyang"))


def test_names_stand_in_the_order_of_their_pinyin():
    names = [PersonName("", "张^三"), PersonName("Bai^Xue", "白^雪"), PersonName("李^四")]
    assert [sort_key(name).split()[0] for name in sorted(names, key=sort_key)] == ["bai", "li", "zhang"]


@pytest.mark.parametrize("hostile", ["an" * 32 + "x", "xian" * 16, "欧" * 64, "a" * 64, "^" * 64, "zh" * 30])
def test_a_name_made_to_be_slow_is_not(hostile):
    NameWords.of("oyxd").find(BOTH)
    began = time.process_time()
    for typed in ("anananananx", "xianxianxian", "oyxd", "a a a a", "欧 欧 欧"):
        NameWords.of(typed).find(PersonName(hostile, hostile, hostile))
    assert time.process_time() - began < 1.0
