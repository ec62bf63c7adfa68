"""A town hall with procedures of every kind and one form with all that makes corrections hard."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yakuba.kernel.access.api import VISITOR, Person, PersonKind, Role
from yakuba.kernel.approval.tests.town_hall import acting, open_hall
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Arrival, Party, submit_case
from yakuba.kernel.cases.models import Case
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.forms.models import Filling, Form, FormVersion
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.sealing import digest, seal_answers
from yakuba.kernel.forms.services.begin_filling import begin_filling
from yakuba.kernel.organisation.tests.town_hall import TownHall
from yakuba.kernel.values.api import Clock, FixedClock

TODAY = date(2026, 11, 2)  # a Monday
CLOCK = FixedClock(TODAY)
HANAKO = Person(id="acct-hanako", name="見本 花子", kind=PersonKind.RESIDENT)
TARO = Person(id="acct-taro", name="見本 太郎", kind=PersonKind.RESIDENT)
STRANGER = Person(id="acct-stranger", name="他人 三郎", kind=PersonKind.RESIDENT)
AUDITOR = Person(
    id="auditor", name="監査 一郎", kind=PersonKind.STAFF, staff_id=None, roles=frozenset({Role.STAFF, Role.AUDITOR})
)


def text(words: str) -> dict[str, str]:
    return {"ja": words, "ja-easy": words, "en": words}


def small_form(key: str) -> dict[str, Any]:
    """Name, address, a choice that brings further questions, rows, a file, an amount, a fee, an account."""
    return {
        "format": "yakuba-form/1",
        "key": key,
        "title": text("見本の様式"),
        "steps": [
            {
                "key": "who",
                "title": text("申請者"),
                "questions": [
                    {"type": "name", "key": "applicant_name", "label": text("氏名")},
                    {"type": "address", "key": "applicant_address", "label": text("住所"), "required": False},
                    {"type": "phone", "key": "applicant_phone", "label": text("電話"), "required": False},
                    {
                        "type": "files",
                        "key": "mandate",
                        "label": text("委任状"),
                        "required": False,
                        "least": 0,
                        "when": {"var": "facts.is_agent"},
                    },
                ],
            },
            {
                "key": "what",
                "title": text("内容"),
                "questions": [
                    {
                        "type": "choice",
                        "key": "purpose",
                        "label": text("使いみち"),
                        "has_other": True,
                        "options": [
                            {"value": "work", "label": text("仕事")},
                            {"value": "school", "label": text("学校")},
                        ],
                    },
                    {
                        "type": "short_text",
                        "key": "school_name",
                        "label": text("学校名"),
                        "when": {"==": [{"var": "purpose"}, "school"]},
                    },
                    {"type": "long_text", "key": "reason", "label": text("理由")},
                    {
                        "type": "group",
                        "key": "children",
                        "label": text("子ども"),
                        "row_label": text("人目"),
                        "most": 5,
                        "least": 0,
                        "required": False,
                        "questions": [
                            {"type": "short_text", "key": "name", "label": text("名前")},
                            {"type": "date", "key": "birth", "label": text("生年月日")},
                        ],
                    },
                    {
                        "type": "files",
                        "key": "photo",
                        "label": text("写真"),
                        "required": False,
                        "least": 0,
                    },
                    {"type": "yen", "key": "amount", "label": text("金額"), "required": False},
                    {"type": "number", "key": "copies", "label": text("通数"), "least": 1, "most": 10},
                    {
                        "type": "fee",
                        "key": "fee",
                        "label": text("手数料"),
                        "value": {"*": [{"var": "copies"}, 300]},
                    },
                    {"type": "bank_account", "key": "account", "label": text("口座"), "required": False},
                ],
            },
        ],
    }


ANSWERS: dict[str, Any] = {
    "applicant_name": {"family": "見本", "given": "花子", "family_kana": "ミホン", "given_kana": "ハナコ"},
    "applicant_address": {
        "postal_code": "9696543",
        "place": "福島県河沼郡会津坂下町字見本",
        "lot": "1番地",
        "building": "",
    },
    "applicant_phone": "0242-00-0000",
    "purpose": "work",
    "reason": "勤務先に出すため",
    "children": [{"name": "一郎", "birth": "2018-05-01"}, {"name": "二郎", "birth": "2020-05-01"}],
    "copies": 2,
}

APPLICANT = Party(
    name="見本　花子",
    kana="ミホン　ハナコ",
    postal_code="9696543",
    address="福島県河沼郡会津坂下町字見本1番地",
    phone="0242-00-0000",
    mail="hanako@example.jp",
    account_id=HANAKO.id,
    birth_date=date(1980, 4, 1),
)


@dataclass
class World:
    """Rows by the words tests use."""

    hall: TownHall
    procedures: dict[str, Procedure] = field(default_factory=dict)
    versions: dict[str, FormVersion] = field(default_factory=dict)

    def clerk(self, name: str = "行政 主事", on: date = TODAY) -> Person:
        return acting(self.hall.staff[name], on)

    def begin(
        self,
        procedure: str = "application",
        *,
        by: Person = HANAKO,
        answers: dict[str, Any] | None = None,
        facts: dict[str, Any] | None = None,
        version: str = "small-form",
        clock: Clock = CLOCK,
        **changed: Any,
    ) -> Filling:
        """A filling with complete answers, ready to be sent."""
        begun = begin_filling(
            by=by,
            version=self.versions[version],
            about=self.procedures[procedure].key,
            language="ja",
            facts=facts or {},
            known={},
            clock=clock,
        )
        with unaudited_writes("test"):
            begun.filling.answers = seal_answers({**(ANSWERS if answers is None else answers), **changed})
            begun.filling.save()
        return begun.filling

    def submit(
        self,
        procedure: str = "application",
        *,
        by: Person = HANAKO,
        applicant: Party = APPLICANT,
        agent: Party | None = None,
        channel: Arrival = Arrival.ONLINE,
        password: str = "",
        accepts_enotice: bool = False,
        answers: dict[str, Any] | None = None,
        facts: dict[str, Any] | None = None,
        clock: Clock = CLOCK,
        version: str = "small-form",
        **changed: Any,
    ) -> Case:
        """A case, sent."""
        return submit_case(
            by=by,
            procedure=self.procedures[procedure],
            filling=self.begin(procedure, by=by, answers=answers, facts=facts, clock=clock, version=version, **changed),
            applicant=applicant,
            agent=agent,
            channel=channel,
            password=password,
            accepts_enotice=accepts_enotice,
            clock=clock,
        )


def open_world() -> World:
    world = World(open_hall())
    with unaudited_writes("test"):
        world.versions["small-form"] = live_version("small-form")
        for number, (kind, section, extra) in enumerate(
            (
                ("application", "行政管理班", {}),
                ("notification", "行政管理班", {}),
                ("sign_up", "行政管理班", {}),
                ("consultation", "行政管理班", {}),
                ("subsidy", "産業課", {}),
                ("card", "総務課", {"identity": "card"}),
                ("signed", "総務課", {"identity": "card", "signature": "electronic"}),
                ("in_person", "総務課", {"identity": "in_person", "signature": "paper"}),
                ("school", "教育課", {}),
            ),
            start=1,
        ):
            world.procedures[kind] = make_procedure(world.hall, number, kind, section, **extra)
    return world


def make_procedure(hall: TownHall, number: int, key: str, section: str, **extra: Any) -> Procedure:
    kinds = {"application", "notification", "sign_up", "consultation", "subsidy"}
    values = {
        "kind": key if key in kinds else "application",
        "identity": "none",
        "signature": "none",
        "standard_days": 5,
        "retention_years": 5,
        **extra,
    }
    place = hall.sections[section]
    return Procedure.objects.create(
        key=f"sample-{key.replace('_', '-')}",
        number=number,
        title_ja=f"見本の手続き（{key}）",
        section_role="general",
        section=place,
        authority=place.authority,
        values={},
        acted_by="test",
        acted_name="test",
        acted_at=CLOCK.now(),
        **values,
    )


def live_version(key: str, definition: dict[str, Any] | None = None) -> FormVersion:
    """A version that takes answers, put into the database without its life before."""
    form = Form.objects.create(key=key, title="見本の様式", created_at=CLOCK.now())
    stored = read_definition(definition or small_form(key)).to_json()
    return FormVersion.objects.create(
        form=form,
        number=1,
        state=VersionState.LIVE.value,
        definition=stored,
        digest=digest(stored),
        law="条例",
        online_ground="条例",
        signature_rule="なし",
        purpose="処理",
        decision="決裁",
        created_at=CLOCK.now(),
        changed_at=CLOCK.now(),
        live_at=CLOCK.now(),
    )


def visitor() -> Person:
    return VISITOR
