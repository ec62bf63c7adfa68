"""A column that follows other columns: names are stored exactly and found through their folded form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from yakuba.kernel.japan.api import fold


class SearchKeyField(models.CharField):  # type: ignore[type-arg]
    """Search key (検索キー) of the named fields, written with every insert and save of the row.

    髙橋 is found by 高橋 and ﾀｶﾊｼ. A bulk ``update()`` of the named fields does not reach it; verbs save rows.
    """

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs["editable"] = False
        self.of = tuple(of)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = " ".join(fold(str(getattr(model_instance, name) or "")) for name in self.of)
        key = folded[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
