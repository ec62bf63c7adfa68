import uuid

from django.db import models


class Parcel(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class Curiosity(models.Model):
    """One column of every kind a database keeps in its own way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    is_true = models.BooleanField()
    may_be = models.BooleanField(null=True)
    small = models.SmallIntegerField()
    large = models.BigIntegerField()
    price = models.DecimalField(max_digits=20, decimal_places=4)
    ratio = models.FloatField()
    day = models.DateField(null=True)
    moment = models.DateTimeField(null=True)
    hour = models.TimeField(null=True)
    length = models.DurationField(null=True)
    content = models.BinaryField()
    told = models.JSONField()
    address = models.GenericIPAddressField(null=True)
    like = models.ForeignKey("self", null=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name
