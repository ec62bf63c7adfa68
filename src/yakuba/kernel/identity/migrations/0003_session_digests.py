"""Sessions are known by a digest of their key: those that stood in clear are over, and no key of theirs stays."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone


def end_sessions_in_clear(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    sign_ins = apps.get_model("identity", "SignIn").objects.using(using)
    sign_ins.filter(ended_at__isnull=True).update(ended_at=timezone.now(), end="over")
    sign_ins.update(session_digest=Concat(Value("ended-"), F("public_id")))
    apps.get_model("sessions", "Session").objects.using(using).all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_locked_reason'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.RenameField(model_name='signin', old_name='session_key', new_name='session_digest'),
        migrations.AlterField(
            model_name='signin',
            name='session_digest',
            field=models.CharField(max_length=40, unique=True, verbose_name='セッション（鍵付きハッシュ）'),
        ),
        migrations.AlterField(
            model_name='signin',
            name='end',
            field=models.CharField(blank=True, choices=[('signed_out', 'ログアウト'), ('elsewhere', '別の端末から終了'), ('switched', '利用者の切り替え'), ('locked', 'アカウントの停止'), ('changed', 'パスワードの変更'), ('over', '時間切れ')], max_length=10, verbose_name='終了の理由'),
        ),
        migrations.RunPython(end_sessions_in_clear, migrations.RunPython.noop),
    ]
