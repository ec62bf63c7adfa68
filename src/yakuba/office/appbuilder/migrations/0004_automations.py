import django.db.models.deletion
import yakuba.kernel.things.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appbuilder', '0003_comments'),
        ('organisation', '0006_money_and_seal_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='appversion',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.staff', verbose_name='使い始めた職員'),
        ),
        migrations.CreateModel(
            name='AllowedHost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yakuba.kernel.things.models.new_public_id, editable=False, max_length=16, unique=True, verbose_name='公開ID')),
                ('host', models.CharField(max_length=253, verbose_name='ホスト名')),
                ('is_plain', models.BooleanField(default=False, verbose_name='暗号化なし（http）も許可')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('allowed_by_name', models.CharField(max_length=80, verbose_name='許可した人')),
                ('allowed_at', models.DateTimeField(verbose_name='許可した日時')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='取り消した日時')),
            ],
            options={
                'verbose_name': '許可した送り先',
                'ordering': ['host', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('host',), name='appbuilder_host_once')],
            },
        ),
        migrations.CreateModel(
            name='Hook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yakuba.kernel.things.models.new_public_id, editable=False, max_length=16, unique=True, verbose_name='公開ID')),
                ('name', models.CharField(max_length=60, verbose_name='名前')),
                ('url', models.CharField(max_length=500, verbose_name='URL')),
                ('secret', models.TextField(verbose_name='署名の鍵（封をしてある）')),
                ('made_by_name', models.CharField(max_length=80, verbose_name='決めた人')),
                ('made_at', models.DateTimeField(verbose_name='決めた日時')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='やめた日時')),
                ('app', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hooks', to='appbuilder.app', verbose_name='アプリ')),
            ],
            options={
                'verbose_name': '外の送り先',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AutomationPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('automation', models.CharField(max_length=40, verbose_name='自動処理')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='続けて失敗した回数')),
                ('paused_at', models.DateTimeField(blank=True, null=True, verbose_name='止めた日時')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='止めた理由')),
                ('app', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='appbuilder.app', verbose_name='アプリ')),
            ],
            options={
                'verbose_name': '自動処理の停止',
                'constraints': [models.UniqueConstraint(fields=('app', 'automation'), name='appbuilder_pause_once')],
            },
        ),
        migrations.CreateModel(
            name='AutomationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yakuba.kernel.things.models.new_public_id, editable=False, max_length=16, unique=True, verbose_name='公開ID')),
                ('automation', models.CharField(max_length=40, verbose_name='自動処理')),
                ('name', models.CharField(max_length=60, verbose_name='自動処理の名前')),
                ('cause', models.CharField(max_length=20, verbose_name='きっかけ')),
                ('depth', models.PositiveSmallIntegerField(default=0, verbose_name='続きの深さ')),
                ('shape', models.PositiveIntegerField(verbose_name='定義の版')),
                ('state', models.CharField(choices=[('waiting', '実行待ち'), ('done', '完了'), ('failed', '失敗'), ('stopped', '止めた')], default='waiting', max_length=8, verbose_name='結果')),
                ('done', models.PositiveSmallIntegerField(default=0, verbose_name='済んだ動作')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='試した回数')),
                ('words', models.CharField(blank=True, max_length=400, verbose_name='内容')),
                ('begun_at', models.DateTimeField(verbose_name='始めた日時')),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='次に試す日時')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わった日時')),
                ('milliseconds', models.PositiveIntegerField(default=0, verbose_name='かかった時間（ミリ秒）')),
                ('app', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='appbuilder.app', verbose_name='アプリ')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='appbuilder.record', verbose_name='記録')),
            ],
            options={
                'verbose_name': '自動処理の実行の記録',
                'ordering': ['-begun_at', '-pk'],
                'indexes': [models.Index(fields=['app', '-begun_at'], name='appbuilder_runs')],
                'constraints': [models.UniqueConstraint(fields=('app', 'automation', 'record', 'cause'), name='appbuilder_run_once')],
            },
        ),
    ]
