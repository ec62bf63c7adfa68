"""What can be wrong with an answer, in the three languages of the residents."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.values.api import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one answer: a code of `FAULTS`, the part of the input it belongs to, and what to fill in.

    ``text`` replaces the sentence of the code (the message a form's own check brings).
    """

    code: str
    part: str = ""
    values: tuple[tuple[str, str], ...] = ()
    text: Text | None = None

    def say(self, language: str) -> str:
        """The sentence in ``language``: what is wrong and what to do."""
        template = self.text or FAULTS[self.code]
        sentence = template.in_language(language)
        for name, value in self.values:
            sentence = sentence.replace("{" + name + "}", value)
        return sentence


def fault(code: str, part: str = "", **values: object) -> Fault:
    """A fault of a known code. Raises `KeyError` for an unknown one: that is a fault of the program."""
    FAULTS[code]
    return Fault(code, part, tuple((name, str(value)) for name, value in values.items()))


FAULTS: dict[str, Text] = {
    "required": Text("入力してください。", easy="ここを 書いて ください。", en="Enter an answer."),
    "required_choice": Text("選んでください。", easy="ひとつ えらんで ください。", en="Choose an answer."),
    "required_file": Text(
        "ファイルを選んでください。", easy="ファイルか 写真を えらんで ください。", en="Choose a file."
    ),
    "required_consent": Text(
        "同意する場合は、チェックを付けてください。同意しない場合は、このまま進めません。",
        easy="よければ、チェックを つけて ください。チェックが ないと、つぎに 進めません。",
        en="Tick the box if you agree. You cannot continue without agreeing.",
    ),
    "required_other": Text(
        "「その他」の内容を入力してください。",
        easy="「その他」の なかみを 書いて ください。",
        en="Say what “Other” is.",
    ),
    "unreadable": Text(
        "この答えは読み取れませんでした。もう一度入力してください。",
        easy="この 答えは 読めません。もう一度 書いて ください。",
        en="This answer could not be read. Enter it again.",
    ),
    "my_number": Text(
        "個人番号（マイナンバー）とみられる12けたの番号が入っています。番号を消してください。"
        "別の番号のときは、終わりの4けただけを書いてください。",
        easy="マイナンバー（12けたの 番号）が あるようです。番号を 消して ください。"
        "ほかの 番号の ときは、さいごの 4けただけ 書いて ください。",
        en="This looks like a My Number (12 digits). Remove it. If it is another number, enter only its last 4 digits.",
    ),
    "control_characters": Text(
        "使えない文字（制御文字）が入っています。消して入力し直してください。",
        easy="つかえない 文字が あります。消して、もう一度 書いて ください。",
        en="There are characters that cannot be used. Remove them and enter the text again.",
    ),
    "too_long": Text(
        "{most}文字までで入力してください（今は{count}文字）。",
        easy="{most}文字までです（いまは {count}文字）。短く してください。",
        en="Use {most} characters or fewer (now {count}).",
    ),
    "too_short": Text(
        "{least}文字以上で入力してください（今は{count}文字）。",
        easy="{least}文字より 長く 書いて ください（いまは {count}文字）。",
        en="Use at least {least} characters (now {count}).",
    ),
    "one_line": Text(
        "改行を入れずに入力してください。", easy="1行で 書いて ください。", en="Enter the text on one line."
    ),
    "digits": Text("数字だけで入力してください。", easy="数字だけ 書いて ください。", en="Use digits only."),
    "alphanumeric": Text(
        "英字と数字だけで入力してください。",
        easy="アルファベットと 数字だけ 書いて ください。",
        en="Use letters and digits only.",
    ),
    "kana": Text(
        "カタカナで入力してください（ひらがなも使えます）。",
        easy="カタカナか ひらがなで 書いて ください。",
        en="Enter the reading in katakana or hiragana.",
    ),
    "number": Text(
        "数字で入力してください（例：12）。",
        easy="数字で 書いて ください（例：12）。",
        en="Enter a number, for example 12.",
    ),
    "whole_number": Text(
        "小数を使わずに、整数で入力してください。", easy="小数（3.5など）は つかえません。", en="Enter a whole number."
    ),
    "decimals": Text(
        "小数は{most}けたまでです。", easy="小数は {most}けたまでです。", en="Use at most {most} decimal places."
    ),
    "least": Text(
        "{least}以上で入力してください。",
        easy="{least}か、それより 大きい 数を 書いて ください。",
        en="Enter {least} or more.",
    ),
    "most": Text(
        "{most}以下で入力してください。",
        easy="{most}か、それより 小さい 数を 書いて ください。",
        en="Enter {most} or less.",
    ),
    "yen": Text(
        "金額を数字で入力してください（例：12,000）。",
        easy="お金を 数字で 書いて ください（例：12000）。",
        en="Enter an amount in yen, for example 12,000.",
    ),
    "date": Text(
        "日付として読めません。例：令和8年4月1日、R8.4.1、2026-04-01",
        easy="日にちが 読めません。2026-04-01の ように 書いて ください。",
        en="This is not a date. Enter it like 2026-04-01.",
    ),
    "earliest": Text(
        "{earliest}以後の日付を入力してください。",
        easy="{earliest}か、それより あとの 日を 書いて ください。",
        en="Enter {earliest} or a later date.",
    ),
    "latest": Text(
        "{latest}以前の日付を入力してください。",
        easy="{latest}か、それより 前の 日を 書いて ください。",
        en="Enter {latest} or an earlier date.",
    ),
    "time": Text(
        "時刻として読めません。例：9:30、14時15分",
        easy="時間が 読めません。9:30の ように 書いて ください。",
        en="This is not a time. Enter it like 9:30.",
    ),
    "time_range": Text(
        "{earliest}から{latest}までの時刻を入力してください。",
        easy="{earliest}から {latest}までの 時間を 書いて ください。",
        en="Enter a time from {earliest} to {latest}.",
    ),
    "not_offered": Text(
        "この選択肢は選べません。一覧から選び直してください。",
        easy="これは えらべません。もう一度 えらんで ください。",
        en="This cannot be chosen. Choose from the list.",
    ),
    "fewest": Text(
        "{least}個以上選んでください。", easy="{least}こ 以上 えらんで ください。", en="Choose at least {least}."
    ),
    "at_most": Text(
        "選べるのは{most}個までです。", easy="えらべるのは {most}こまでです。", en="Choose at most {most}."
    ),
    "family_name": Text("姓を入力してください。", easy="みょうじを 書いて ください。", en="Enter the family name."),
    "name_kana": Text(
        "フリガナを入力してください（カタカナかひらがな）。",
        easy="名前の 読み方を カタカナか ひらがなで 書いて ください。",
        en="Enter the reading in katakana or hiragana.",
    ),
    "postal_code": Text(
        "郵便番号は7けたの数字です（例：969-6500）。",
        easy="郵便番号は 7けたの 数字です（例：969-6500）。",
        en="A postal code has 7 digits, for example 969-6500.",
    ),
    "place_name": Text(
        "都道府県から町名までを入力してください。",
        easy="都道府県・市町村・町の 名前を 書いて ください。",
        en="Enter prefecture, municipality and area.",
    ),
    "lot": Text("番地を入力してください。", easy="番地を 書いて ください。", en="Enter the house number."),
    "phone": Text(
        "電話番号として読めません。市外局番から入力してください（例：0242-84-1503）。",
        easy="電話番号が 読めません。はじめの 0から 書いて ください（例：0242-84-1503）。",
        en="This is not a telephone number. Enter it with its area code, for example 0242-84-1503.",
    ),
    "mail": Text(
        "メールアドレスとして読めません（例：taro@example.jp）。",
        easy="メールアドレスが 読めません（例：taro@example.jp）。",
        en="This is not an e-mail address, for example taro@example.jp.",
    ),
    "corporate_number": Text(
        "法人番号は13けたの数字で、検査数字が合う必要があります。番号を確かめてください。",
        easy="法人番号は 13けたの 数字です。番号を たしかめて ください。",
        en="A corporate number has 13 digits with a valid check digit. Check the number.",
    ),
    "bank_name": Text("金融機関名を入力してください。", easy="銀行の 名前を 書いて ください。", en="Enter the bank."),
    "branch_name": Text("支店名を入力してください。", easy="支店の 名前を 書いて ください。", en="Enter the branch."),
    "bank_code": Text(
        "金融機関コードは4けたの数字です。", easy="銀行の 番号は 4けたの 数字です。", en="A bank code has 4 digits."
    ),
    "branch_code": Text(
        "支店コードは3けたの数字です。", easy="支店の 番号は 3けたの 数字です。", en="A branch code has 3 digits."
    ),
    "account_kind": Text(
        "口座の種類を選んでください。", easy="口座の しゅるいを えらんで ください。", en="Choose the kind of account."
    ),
    "account_number": Text(
        "口座番号は7けたまでの数字です。",
        easy="口座番号は 7けたまでの 数字です。",
        en="An account number has up to 7 digits.",
    ),
    "account_holder": Text(
        "口座名義を通帳のとおりカタカナで入力してください。",
        easy="口座の 名前を、通帳と 同じように カタカナで 書いて ください。",
        en="Enter the account holder in katakana as in the bank book.",
    ),
    "point": Text(
        "地図の位置が読み取れません。もう一度選んでください。",
        easy="地図の 場所が 読めません。もう一度 えらんで ください。",
        en="The position could not be read. Choose it again.",
    ),
    "place_words": Text(
        "場所が分かる言葉を入力してください（例：坂下小学校の東の交差点）。",
        easy="場所が 分かる ことばを 書いて ください（例：坂下小学校の 近く）。",
        en="Describe the place, for example “crossing east of the school”.",
    ),
    "files_fewest": Text(
        "ファイルを{least}個以上付けてください。",
        easy="ファイルを {least}こ 以上 えらんで ください。",
        en="Attach at least {least} files.",
    ),
    "files_most": Text(
        "付けられるファイルは{most}個までです。",
        easy="ファイルは {most}こまでです。",
        en="Attach at most {most} files.",
    ),
    "rows_fewest": Text(
        "{least}人分（件）以上入力してください。", easy="{least}つ 以上 書いて ください。", en="Enter at least {least}."
    ),
    "rows_most": Text(
        "入力できるのは{most}人分（件）までです。", easy="{most}こまで 書けます。", en="Enter at most {most}."
    ),
    "check": Text("入力を確かめてください。", easy="もう一度 見て ください。", en="Check this answer."),
    "rule": Text(
        "この項目の決まりに誤りがあるため、進めません。お手数ですが、担当課へお知らせください。",
        easy="町の しくみに まちがいが あります。役場に 電話を して ください。",
        en="This form has a mistake in one of its rules. Please tell the office.",
    ),
}
