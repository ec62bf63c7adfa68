from pathlib import Path

import pytest

from yakuba.kernel.japan.api import PostalDirectory, format_phone, format_postal_code, parse_postal_code
from yakuba.kernel.values.api import Refusal

TOWN_FILE = Path(__file__).parents[5] / "data" / "postal" / "074217.csv"

# Made-up places in the form of Japan Post's KEN_ALL.CSV, with its peculiarities.
KEN_ALL = "\r\n".join(
    [
        '99001,"999  ","0000000","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ","架空県","見本市","以下に掲載がない場合",0,0,0,0,0,0',
        '99001,"999  ","0000001","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾋﾞ-ﾙﾏﾁ(ｿﾉﾀ)","架空県","見本市","ビール町（その他）",0,0,0,0,0,0',
        '99001,"999  ","0000002","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾅｶﾞｲ(1-10､","架空県","見本市","長井（１～１０、",0,0,0,0,0,0',
        '99001,"999  ","0000002","ｶｸｳｹﾝ","ﾐﾎﾝｼ","20-30)","架空県","見本市","２０～３０）",0,0,0,0,0,0',
        '99001,"999  ","0000003","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ｲﾁｴﾝ","架空県","見本市","一円",0,0,0,0,0,0',
        '99001,"999  ","0000004","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾐﾎﾝｼﾉﾂｷﾞﾆ","架空県","見本市","見本市の次に番地がくる場合",0,0,0,0,0,0',
        '99001,"999  ","0000005","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾐﾎﾝｼｲﾁｴﾝ","架空県","見本市","見本市一円",0,0,0,0,0,0',
        '99001,"999  ","0000006","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾋｶﾞｼ","架空県","見本市","東",0,0,0,1,0,0',
        '99001,"999  ","0000006","ｶｸｳｹﾝ","ﾐﾎﾝｼ","ﾆｼ","架空県","見本市","西",0,0,0,1,0,0',
    ]
).replace("99001", "47999")


@pytest.fixture(params=["cp932", "utf-8", "utf-8-sig"])
def sample(request):
    return PostalDirectory.load(KEN_ALL.encode(request.param))


def test_the_file_of_japan_post_is_read_with_its_peculiarities(sample):
    towns = {code: [address.town for address in sample.find(code)] for code in ("0000000", "0000001", "0000002")}
    assert towns == {"0000000": [""], "0000001": ["ビール町"], "0000002": ["長井"]}
    assert sample.find("000-0001")[0].town_kana == "ビールマチ"
    assert sample.find("000-0001")[0].note == "その他"
    assert sample.find("0000002")[0].note == "１～１０、２０～３０"
    assert sample.find("0000002")[0].town_kana == "ナガイ"
    assert [sample.find(code)[0].town for code in ("0000003", "0000004", "0000005")] == ["一円", "", ""]
    assert str(sample.find("0000000")[0]) == "架空県見本市"


def test_a_code_of_several_towns_offers_all_of_them(sample):
    assert [address.town for address in sample.find("〒０００－０００６")] == ["東", "西"]
    assert sample.find("1234567") == ()
    assert len(sample) == 7


def test_the_towns_own_codes_are_there():
    town = PostalDirectory.load(TOWN_FILE)
    assert len(town) == 70
    addresses = list(town)
    assert len(addresses) == 86
    assert {address.local_government_code for address in addresses} == {"074217"}
    assert {str(address)[:10] for address in addresses} == {"福島県河沼郡会津坂下"}
    assert all(address.postal_code.startswith("96965") for address in addresses)
    assert str(town.find("969-6547")[0]) == "福島県河沼郡会津坂下町市中三番甲"
    assert [address.town for address in town.find("969-6519")] == ["御池田", "三谷"]
    assert town.find("969-6523")[0].town_kana == "エビサイ"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (KEN_ALL.replace('"0000001"', '"000001"'), "2行目"),
        (KEN_ALL.replace(",0,0,0,0,0,0", ",0,0,0,0,0", 1), "1行目"),
        (KEN_ALL.replace("47999", "99999", 1), "1行目"),
        (KEN_ALL.replace('"架空県","見本市","東"', '"","見本市","東"'), "8行目"),
        (KEN_ALL.replace("２０～３０）", "２０～３０"), "5行目"),
        ('07421,"969  ","9696500","ﾌ","ｶ","ﾅ","福島県","町","長井（１",0,0,0,0,0,0', "1行目"),
        ("郵便番号,町域名\n9696501,長井", "1行目"),
        ("", "空"),
        ('"' + "x" * 200_000 + '"', "CSV"),
    ],
)
def test_a_faulty_file_is_refused_naming_line_and_reason(content, line):
    with pytest.raises(Refusal) as refusal:
        PostalDirectory.load(content.encode())
    assert line in refusal.value.message
    assert refusal.value.hint


def test_a_file_in_an_unknown_encoding_is_refused():
    with pytest.raises(Refusal, match="文字コード"):
        PostalDirectory.load(b"\x81\xff\xfd")


@pytest.mark.parametrize("text", ["9696547", "969-6547", "〒969-6547", "９６９－６５４７", "〒 969 6547", "969ー6547"])
def test_a_postal_code_is_read_as_typed(text):
    assert parse_postal_code(text) == "9696547"
    assert format_postal_code(text) == "969-6547"


@pytest.mark.parametrize("text", ["", "969654", "96965470", "969-65a7", "x" * 1000])
def test_what_is_no_postal_code_is_refused(text):
    with pytest.raises(Refusal) as refusal:
        parse_postal_code(text)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("0242841503", "0242-84-1503"),
        ("0242-84-1503", "0242-84-1503"),
        ("（０２４２）８４－１５０３", "0242-84-1503"),
        ("0242ー84ー1503", "0242-84-1503"),
        ("0335811111", "03-3581-1111"),
        ("09012345678", "090-1234-5678"),
        ("05012345678", "050-1234-5678"),
        ("0120444444", "0120-444-444"),
        ("+81 242 84 1503", "0242-84-1503"),
        ("+1 650 253 0000", "+1 650-253-0000"),
    ],
)
def test_a_telephone_number_gets_its_hyphens(typed, written):
    assert format_phone(typed) == written


def test_a_local_number_is_completed_with_the_area_code_of_the_town_only():
    assert format_phone("84-1503", area_code="0242") == "0242-84-1503"
    assert format_phone("03-3581-1111", area_code="0242") == "03-3581-1111"
    with pytest.raises(Refusal):
        format_phone("84-1503")


@pytest.mark.parametrize(
    "text", ["", "119", "0242-84-150", "242-84-1503", "電話", "0" * 500, "0242-84-1503 内線12", "+999 1"]
)
def test_what_is_no_telephone_number_is_refused(text):
    with pytest.raises(Refusal) as refusal:
        format_phone(text)
    assert refusal.value.hint
