"""Places of the kernel engines in the office's menu; engines below ``home`` cannot add them themselves."""

from __future__ import annotations

from yakuba.kernel.access.api import Role, office_seat, role, signed_in_staff
from yakuba.kernel.home.plugins import menu_item, public_door
from yakuba.kernel.values.api import Text

menu_item(group="仕事", title="ホーム", url_name="office-home", may=office_seat, order=1)
menu_item(group="仕事", title="決裁", url_name="approval-decisions", may=signed_in_staff, order=20)
menu_item(group="仕事", title="文書番号簿", url_name="approval-numbers", may=signed_in_staff, order=60)
menu_item(group="町民サービス", title="オンライン様式", url_name="office-forms", may=signed_in_staff, order=20)
menu_item(group="計画", title="指標（KPI）", url_name="kpi-measures", may=office_seat, order=40)
menu_item(group="町の設定", title="条例などに基づく値", url_name="parameters", may=office_seat, order=40)
menu_item(group="町の設定", title="様式", url_name="sheets", may=office_seat, order=50)
menu_item(group="運用", title="動作の点検", url_name="doctor", may=role(Role.IT, Role.AUDITOR), order=10)
menu_item(group="運用", title="ジョブ", url_name="jobs", may=role(Role.IT, Role.AUDITOR), order=20)
menu_item(group="運用", title="不具合の記録", url_name="faults", may=role(Role.IT, Role.AUDITOR), order=30)
menu_item(group="運用", title="監査記録", url_name="audit-log", may=role(Role.IT, Role.AUDITOR), order=40)
menu_item(group="運用", title="画面の部品", url_name="ui:components", may=role(Role.IT), order=90)
menu_item(group="庁内", title="組織図", url_name="organisation-chart", may=office_seat, order=10)
menu_item(group="庁内", title="職員名簿", url_name="organisation-directory", may=office_seat, order=11)
menu_item(
    group="町の設定",
    title="引き継ぎ待ちの仕事",
    url_name="organisation-handover",
    may=role(Role.PERSONNEL, Role.IT),
    order=12,
)
menu_item(
    group="運用",
    title="アカウント",
    url_name="office-accounts",
    may=role(Role.IT, Role.PERSONNEL, Role.AUDITOR),
    order=50,
)
menu_item(group="運用", title="端末", url_name="office-devices", may=role(Role.IT, Role.AUDITOR), order=51)
menu_item(
    group="運用",
    title="デジタル認証アプリ",
    url_name="office-digital-auth",
    may=role(Role.IT, Role.AUDITOR),
    order=52,
)
menu_item(group="町の設定", title="最初の登録", url_name="firstweek", may=role(Role.PERSONNEL, Role.IT), order=5)
menu_item(group="町の設定", title="年度替わり", url_name="yearturn", may=role(Role.PERSONNEL, Role.IT), order=11)
menu_item(group="仕事", title="お知らせ", url_name="office-notices", may=office_seat, order=5)
menu_item(
    group="町民サービス",
    title="お知らせの記録",
    url_name="office-messages",
    may=role(Role.STAFF, Role.AUDITOR),
    order=80,
)
menu_item(
    group="町民サービス",
    title="郵便（発送簿）",
    url_name="office-letters",
    may=role(Role.STAFF, Role.AUDITOR),
    order=81,
)
menu_item(group="町民サービス", title="支援措置", url_name="protections", may=role(Role.PROTECTION), order=90)
menu_item(
    group="町の設定",
    title="行政区",
    url_name="office-districts",
    may=role(Role.SECRETARIAT, Role.SECTION_HEAD, Role.IT),
    order=60,
)
menu_item(group="町の設定", title="住民情報の写し", url_name="prefill", may=role(Role.PROTECTION, Role.IT), order=61)
menu_item(group="町の設定", title="検索の類語", url_name="search-synonyms", may=office_seat, order=70)

public_door(title=Text("マイページ", easy="マイページ", en="My page"), url_name="resident-home", order=20)
