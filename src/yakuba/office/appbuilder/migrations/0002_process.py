import django.db.models.deletion
import yakuba.kernel.things.models
from django.db import migrations, models

from yakuba.kernel.audit.append_only import append_only_again


class Migration(migrations.Migration):

    dependencies = [
        ('appbuilder', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='recordhistory',
            name='words',
            field=models.CharField(blank=True, max_length=120, verbose_name='ボタンや自動処理の名前'),
        ),
        migrations.AlterField(
            model_name='recordhistory',
            name='act',
            field=models.CharField(choices=[('made', '作成'), ('changed', '変更'), ('deleted', '削除'), ('restored', '削除の取消し'), ('went_back', '以前の内容に戻した'), ('reshaped', '項目の変更による移しかえ'), ('pressed', 'ボタン'), ('asked', '決裁を求めた'), ('decided', '決裁'), ('automated', '自動処理')], max_length=10, verbose_name='できごと'),
        ),
        migrations.CreateModel(
            name='PressRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=yakuba.kernel.things.models.new_public_id, editable=False, max_length=16, unique=True, verbose_name='公開ID')),
                ('button', models.CharField(max_length=40, verbose_name='ボタン')),
                ('label', models.CharField(max_length=30, verbose_name='ボタンの名前')),
                ('from_state', models.CharField(max_length=60, verbose_name='押した時の状態')),
                ('to_state', models.CharField(max_length=60, verbose_name='承認後の状態')),
                ('refused_state', models.CharField(blank=True, max_length=60, verbose_name='否決の時の状態')),
                ('sets', models.JSONField(default=list, verbose_name='承認後に入れる値')),
                ('content', models.JSONField(default=dict, verbose_name='決裁する内容')),
                ('request_id', models.CharField(max_length=16, unique=True, verbose_name='決裁')),
                ('state', models.CharField(choices=[('waiting', '決裁中'), ('moved', '承認され、進んだ'), ('ended', '否決・差戻し・取下げ'), ('invalid', '承認されたが、進められなかった')], default='waiting', max_length=8, verbose_name='状態')),
                ('asked_by', models.CharField(max_length=40, verbose_name='押した人の番号')),
                ('asked_name', models.CharField(max_length=80, verbose_name='押した人')),
                ('asked_staff', models.CharField(blank=True, max_length=16, verbose_name='押した職員')),
                ('asked_at', models.DateTimeField(verbose_name='押した日時')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終わった日時')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='press_requests', to='appbuilder.record', verbose_name='記録')),
            ],
            options={
                'verbose_name': '決裁を待つボタン',
                'ordering': ['-asked_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('record',), name='appbuilder_one_press_waiting')],
            },
        ),
        append_only_again("appbuilder_recordhistory"),
    ]
