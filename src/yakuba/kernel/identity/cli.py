"""``yakuba account``: accounts from the machine itself, for the first day and for emergencies;
``yakuba digital-auth``: keys and state of デジタル認証アプリ.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
from django.conf import settings

from yakuba.kernel.access.api import system_person
from yakuba.kernel.identity.digital_auth.base import ProviderFault
from yakuba.kernel.identity.digital_auth.keys import fresh_key_text, public_text, signing_key
from yakuba.kernel.identity.digital_auth.registry import provider_check
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.passwords import is_password_elsewhere
from yakuba.kernel.identity.services.change_password import (
    hashed_password,
    one_time_password,
    reset_password,
    return_to_directory,
)
from yakuba.kernel.identity.services.lock_account import clear_factors, lock_account, unlock_account
from yakuba.kernel.identity.services.open_account import open_account
from yakuba.kernel.identity.services.open_first_account import open_first_account
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Refusal

_BY = system_person("command")


@click.group()
def account() -> None:
    """職員のアカウントを、この機械から直接あつかう（最初の一人と、非常時のため）。"""


@account.command("first")
@click.option("--number", required=True, help="職員番号")
@click.option("--name", required=True, help="氏名（例: 山田　花子）")
def first(*, number: str, name: str) -> None:
    """空の町の最初のアカウントを作り、一度だけ使えるパスワードを表示する。"""
    password = one_time_password()
    opened = open_first_account(by=_BY, number=number, name=name, hashed=hashed_password(password), clock=town_clock())
    click.echo(f"{opened.display_name}さん（職員番号 {opened.sign_in_name}）のアカウントを作りました。")
    click.echo("人事担当と情報システム担当の権限があります。")
    click.echo(f"最初のパスワード: {password}")
    click.echo("このパスワードは二度と表示されません。最初のログインで変更します。")


@account.command("open")
@click.argument("number")
def open_(*, number: str) -> None:
    """職員番号 NUMBER のアカウントを発行し、一回限りのパスワードを表示する。"""
    staff = Staff.objects.filter(number=number).first()
    if staff is None:
        raise Refusal(f"職員番号 {number} の職員がいません。", hint="先に職員名簿を読み込んでください。")
    password = one_time_password()
    open_account(by=_BY, staff=staff, hashed=hashed_password(password), clock=town_clock())
    _show(staff.name, number, password)


@account.command()
@click.argument("number")
@click.option("--clear-factors", "clears", is_flag=True, help="二つめの確認の登録も取り消す")
@click.option(
    "--instead-of-directory",
    "replaces",
    is_flag=True,
    help="庁内の認証基盤が使えない非常時に、認証基盤の代わりのパスワードを作る",
)
def reset(*, number: str, clears: bool, replaces: bool) -> None:
    """職員番号 NUMBER のパスワードを再発行し、一回限りのパスワードを表示する。"""
    found = _account(number)
    was_elsewhere = is_password_elsewhere(found)
    clock = town_clock()
    if clears and was_elsewhere and not replaces:
        clear_factors(by=_BY, account=found, hashed=None, clock=clock)
        click.echo(f"{found}（職員番号 {number}）の二つめの確認を取り消しました。")
        click.echo("パスワードは庁内の認証基盤のものです。認証基盤の側でも設定し直してください。")
        return
    password = one_time_password()
    hashed = hashed_password(password)
    reset_password(by=_BY, account=found, hashed=hashed, clock=clock, replaces_directory=replaces)
    if clears:
        clear_factors(by=_BY, account=found, hashed=None, clock=clock)
    _show(str(found), number, password)
    if was_elsewhere:
        click.echo(f"認証基盤が元に戻ったら「yakuba account to-directory {number}」で切り戻してください。")


@account.command("to-directory")
@click.argument("number")
def to_directory(*, number: str) -> None:
    """職員番号 NUMBER のパスワードを、庁内の認証基盤のものに切り戻す。"""
    return_to_directory(by=_BY, account=_account(number), clock=town_clock())
    click.echo(f"職員番号 {number} は、庁内の認証基盤のパスワードで入ります。")


@account.command()
@click.argument("number")
@click.option("--reason", required=True, help="停止の理由（記録に残る）")
def lock(*, number: str, reason: str) -> None:
    """職員番号 NUMBER のアカウントを今すぐ停止する。"""
    clock = town_clock()
    lock_account(by=_BY, account=_account(number), from_day=clock.today(), reason=reason, clock=clock)
    click.echo(f"職員番号 {number} を停止しました。")


@account.command()
@click.argument("number")
def unlock(*, number: str) -> None:
    """職員番号 NUMBER のアカウントの停止を解除する。"""
    unlock_account(by=_BY, account=_account(number), clock=town_clock())
    click.echo(f"職員番号 {number} の停止を解除しました。")


def _account(number: str) -> Account:
    found = Account.objects.select_related("staff").filter(staff__number=number).first()
    if found is None:
        raise Refusal(
            f"職員番号 {number} のアカウントがありません。", hint=f"yakuba account open {number} で発行できます。"
        )
    return found


def _show(name: str, number: str, password: str) -> None:
    click.echo(f"{name}（職員番号 {number}）")
    click.echo(f"一回限りのパスワード: {password}")
    click.echo("最初のログインで、新しいパスワードに変えます。")


@click.group("digital-auth")
def digital_auth() -> None:
    """デジタル認証アプリの鍵を作り、接続を確かめる。"""


@digital_auth.command("make-key")
def make_key() -> None:
    """クライアント認証の鍵（EC P-256）を作り、届け出る公開鍵を表示する。今の鍵があれば作らない。"""
    path = _key_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(fresh_key_text())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Refusal(
            f"鍵はもうあります（{path.name}）。",
            hint="公開鍵は「yakuba digital-auth show-key」で表示できます。鍵を替えるときは、先に今のファイルの名前を変えてください。",
        ) from None
    click.echo("鍵を作りました。次の公開鍵（JWK）をデジタル庁に届け出てください。", err=True)
    _show_key(path)


@digital_auth.command("show-key")
def show_key() -> None:
    """届け出る公開鍵（JWK）を表示する。秘密の部分は含まない。"""
    _show_key(_key_file())


@digital_auth.command("check")
def check() -> None:
    """設定を確かめ、接続先が応答するかを見る。"""
    found = provider_check()
    click.echo(found.words)
    for line in (*found.worries, found.todo):
        if line:
            click.echo(f"→ {line}")
    if found.is_configured and not found.works:
        raise SystemExit(1)


def _key_file() -> Path:
    return Path(settings.YAKUBA_DIGITAL_AUTH["KEY_FILE"])


def _show_key(path: Path) -> None:
    try:
        click.echo(public_text(signing_key(path), use="sig"))
    except ProviderFault as fault:
        raise Refusal(f"{fault}。", hint="「yakuba digital-auth make-key」で作れます。") from fault


commands = [account, digital_auth]
