"""``yakuba apps``: apps that clerks built, out to a file and in from one."""

from __future__ import annotations

from pathlib import Path

import click

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import record_view
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import definition_of
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.package import OUT, packed
from yakuba.office.appbuilder.rules.package import LARGEST_PACKAGE, read_package
from yakuba.office.appbuilder.services.package import take_in_package

_BY = system_person("command")


@click.group()
def apps() -> None:
    """職員が作ったアプリを、ほかの役場とやりとりする。"""


@apps.command("list")
def list_() -> None:
    """アプリのIDと名前を並べる。"""
    for app in App.objects.filter(closed_at__isnull=True).select_related("section"):
        click.echo(f"{app.public_id}  {app.title}  （{app.section or '所管課なし'}）")


@apps.command()
@click.argument("app")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(app: str, file: Path) -> None:
    """APP（IDか名前）の作りを FILE に書く。記録、人、鍵は入らない。"""
    found = _app(app)
    package = packed(found, definition_of(found))
    record_view(by=_BY, subjects=[found], what=OUT)
    file.write_bytes(package.to_bytes())
    for note in package.notes:
        click.echo(f"△ {note}", err=True)
    click.echo(
        f"{file} に「{found.title}」を書きました（項目{len(package.definition.fields)}、様式{len(package.sheets)}）。"
    )


@apps.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "number", required=True, help="取り込む職員の職員番号。アプリは、この職員の課の下書きになる")
def import_(file: Path, *, number: str) -> None:
    """FILE のアプリを、下書きとして取り込む。使い始めるのは、画面で確かめてから。"""
    if file.stat().st_size > LARGEST_PACKAGE:
        raise Refusal(
            f"{file.name}: ファイルが大きすぎます（{LARGEST_PACKAGE // 1_000_000}MBまで）。",
            hint="様式を減らして、書き出し直してもらってください。",
        )
    made = take_in_package(by=_person(number), package=read_package(file.read_bytes()), clock=town_clock())
    for note in made.notes:
        click.echo(f"△ {note}", err=True)
    click.echo(f"アプリ「{made.app.title}」の下書きを作りました（ID {made.app.public_id}）。")


def _app(named: str) -> App:
    found = list(App.objects.filter(closed_at__isnull=True, public_id=named))
    found = found or list(App.objects.filter(closed_at__isnull=True, title=named)[:2])
    if len(found) != 1:
        what = "同じ名前のアプリがいくつもあります" if found else "というアプリはありません"
        raise Refusal(f"「{named[:60]}」{what}。", hint="yakuba apps list で、IDを確かめてください。")
    return found[0]


def _person(number: str) -> Person:
    account = Account.objects.select_related("staff").filter(staff__number=number).first()
    person = person_of(account, town_clock().today()) if account is not None else None
    if person is None or not person.is_signed_in:
        raise Refusal(f"職員番号 {number[:20]} の、使えるアカウントがありません。", hint="職員番号を確かめてください。")
    return person


commands = [apps]
