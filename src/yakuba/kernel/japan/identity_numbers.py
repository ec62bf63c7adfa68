"""National identity numbers: the one of persons to keep it out, the one of organisations to check it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from yakuba.kernel.japan.kana import DASHES
from yakuba.kernel.values.api import Refusal

_LENGTH = 12
_RUN = re.compile(r"[0-9](?:(?: {0,2}- {0,2}| )?[0-9])*")
_TELEPHONE = re.compile(r"[+＋]81[0-9]{10}(?![0-9 -])")
_FLAT = {
    # One character for one, so that places in the flattened text are places in the text.
    **{code: str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x20000) if chr(code).isdecimal()},
    **dict.fromkeys(map(ord, "\t\u00a0\u3000"), " "),
    **dict.fromkeys(map(ord, DASHES + "ー\uff70"), "-"),
}


@dataclass(frozen=True, slots=True)
class MyNumberFound:
    """Where in a text a My Number stands: `text[start:end]`. Holds no digit, so it may be logged."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    digits: str
    start: int
    end: int


def find_my_numbers(text: str) -> tuple[MyNumberFound, ...]:
    """Find what must be taken for a My Number (個人番号), so that it can be refused before anything is stored.

    Found: twelve digits with a valid check digit, in any width, undivided or in groups of equal size joined by spaces
    or by hyphens. Not found: twelve digits that are part of a longer number (a card number, the thirteen digits
    of an organisation) or an international telephone number of Japan (+81 and ten digits). About one in eleven other twelve-digit numbers has a valid check digit too: show the place and
    let the person correct it. Source: 番号法第2条第5項; check digit 平成26年総務省令第85号第5条.
    """
    flat = text.translate(_FLAT)
    found = [
        match
        for run in _RUN.finditer(flat)
        if not _TELEPHONE.match(flat, max(run.start() - 1, 0))
        for match in _in_run(flat, run.start(), run.end())
    ]
    return tuple(MyNumberFound(group.start, group.end) for group in found)


def is_corporate_number(number: str) -> bool:
    """Whether this is a corporate number (法人番号): 13 digits, the first the check digit of the others.

    Source: 平成26年財務省令第70号第2条.
    """
    if not re.fullmatch(r"[0-9]{13}", number):
        return False
    total = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


def parse_corporate_number(text: str) -> str:
    """Read a corporate number as typed (any width, spaces, hyphens, a leading T). Raises `Refusal`."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text.translate(_FLAT))).upper().removeprefix("T")
    if not re.fullmatch(r"[0-9]{13}", number):
        raise Refusal("法人番号は13けたの数字です。", hint="個人番号（マイナンバー、12けた）は入力しないでください。")
    if not is_corporate_number(number):
        raise Refusal("法人番号の検査数字（はじめの1けた）が合いません。", hint="数字の打ち間違いを確かめてください。")
    return number


def _in_run(text: str, start: int, end: int) -> list[_Group]:
    groups = [
        _Group(found[0], start + found.start(), start + found.end()) for found in re.finditer(r"\d+", text[start:end])
    ]
    joints = ["-" if "-" in text[left.end : right.start] else " " for left, right in pairwise(groups)]
    found: list[_Group] = []
    first = 0
    while first < len(groups):
        size = len(groups[first].digits)
        count = _LENGTH // size if size <= _LENGTH and _LENGTH % size == 0 else 0
        if count and _stands_alone(groups, joints, first, count):
            whole = _Group(
                "".join(group.digits for group in groups[first : first + count]),
                groups[first].start,
                groups[first + count - 1].end,
            )
            if _is_my_number(whole.digits):
                found.append(whole)
                first += count
                continue
        first += 1
    return found


def _stands_alone(groups: list[_Group], joints: list[str], first: int, count: int) -> bool:
    """Whether `count` groups from `first` on are equal in size, joined alike, and not the middle of a longer number."""
    after = first + count
    chosen, inner = groups[first:after], joints[first : after - 1]
    size = len(chosen[0].digits)
    if len(chosen) < count or any(len(group.digits) != size for group in chosen):
        return False
    if count in (1, len(groups)):
        return True
    if len(set(inner)) > 1:
        return False
    joint_before = joints[first - 1] if first else ""
    joint_behind = joints[after - 1] if after < len(groups) else ""
    if inner[0] == "-":
        return "-" not in (joint_before, joint_behind)
    # Behind a space, a group that belongs to a number with hyphens (090-1111-2222) is another number.
    before = groups[first - 1].digits if joint_before == " " and joints[first - 2 : first - 1] != ["-"] else ""
    behind = groups[after].digits if joint_behind == " " and joints[after : after + 1] != ["-"] else ""
    if len(before) == 1 and is_corporate_number(before + "".join(group.digits for group in chosen)):
        return False
    return size not in (len(before), len(behind))


def _is_my_number(digits: str) -> bool:
    if not digits.strip("0"):
        return False
    weighted = ((int(digit), place) for place, digit in enumerate(reversed(digits[:-1]), start=1))
    remainder = sum(digit * (place + 1 if place <= 6 else place - 5) for digit, place in weighted) % 11
    return int(digits[-1]) == (0 if remainder <= 1 else 11 - remainder)
