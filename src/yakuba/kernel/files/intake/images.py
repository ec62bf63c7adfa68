"""Pictures: opened within limits and written anew, so that nothing but the picture itself is kept."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from yakuba.kernel.files.intake.limits import Kind, Limits
from yakuba.kernel.files.intake.refusals import FileRefused, Reason

_FORMATS = {
    Kind.JPEG: "JPEG",
    Kind.PNG: "PNG",
    Kind.GIF: "GIF",
    Kind.WEBP: "WEBP",
    Kind.HEIC: "HEIF",
}
_WRITTEN_AS = {
    Kind.JPEG: Kind.JPEG,
    Kind.PNG: Kind.PNG,
    Kind.GIF: Kind.PNG,
    Kind.WEBP: Kind.WEBP,
    Kind.HEIC: Kind.JPEG,
}
_HINT_BROKEN = "写真を開けるか確かめ、別の写真にするか、画面に表示して撮り直してから送ってください。"


@dataclass(frozen=True, slots=True)
class CleanImage:
    """A picture written anew: no EXIF, no place, no comments, turned upright, colours in sRGB."""

    content: bytes
    kind: Kind
    width: int
    height: int
    notes: tuple[str, ...]


def clean_image(content: bytes, kind: Kind, *, name: str, limits: Limits) -> CleanImage:
    """Decode and write a picture anew. Raises `FileRefused` for broken ones and for more pixels than allowed."""
    if kind is Kind.HEIC:
        _register_heic()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(content), formats=[_FORMATS[kind]])
            return _clean(opened, kind, name, limits)
    except FileRefused:
        raise
    except Image.DecompressionBombError as fault:
        raise _too_many_pixels(name, limits) from fault
    except UnidentifiedImageError as fault:
        raise FileRefused(Reason.BROKEN, name, f"は{kind.label}として開けません。", hint=_HINT_BROKEN) from fault
    except Exception as fault:  # decoders answer damaged pictures with errors of many kinds
        raise FileRefused(Reason.BROKEN, name, "は画像が壊れていて開けません。", hint=_HINT_BROKEN) from fault


def _clean(opened: Image.Image, kind: Kind, name: str, limits: Limits) -> CleanImage:
    if opened.width * opened.height > limits.max_pixels:
        raise _too_many_pixels(name, limits)
    notes: list[str] = []
    if getattr(opened, "n_frames", 1) > 1 and kind in (Kind.GIF, Kind.PNG, Kind.WEBP):
        notes.append("動く画像は最初の一枚だけを保存しました。")
    longest = limits.longest_side
    shrinks = bool(longest and max(opened.size) > longest)
    if longest and shrinks and kind is Kind.JPEG:
        opened.draft(None, _fitting(opened.size, longest))  # decodes at a half or a quarter: less memory, same picture
    opened.load()
    picture = _plain(_upright(_in_srgb(opened)))
    if longest and max(picture.size) > longest:
        picture = picture.resize(_fitting(picture.size, longest), Image.Resampling.LANCZOS)
    if longest and shrinks:
        notes.append(f"大きな画像なので、長い辺を {longest:,} 画素に縮めました。")
    written_as = _WRITTEN_AS[kind]
    return CleanImage(
        _written(picture, written_as),
        written_as,
        picture.width,
        picture.height,
        tuple(notes),
    )


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture  # a damaged profile costs a shade of colour, not the picture
        if turned is not None:
            turned.info["exif"] = picture.info.get("exif", b"")
            return turned
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(picture)


def _plain(picture: Image.Image) -> Image.Image:
    """The same pixels in a mode every browser shows, with nothing attached."""
    transparent = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if transparent:
        picture = picture.convert("RGBA")
    elif picture.mode in ("I;16", "I;16B", "I;16L", "I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    elif picture.mode not in ("1", "L", "RGB"):
        picture = picture.convert("RGB")
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    return plain


def _written(picture: Image.Image, kind: Kind) -> bytes:
    out = BytesIO()
    match kind:
        case Kind.JPEG:
            flat = picture.convert("RGB") if picture.mode not in ("L", "RGB") else picture
            flat.save(out, "JPEG", quality=90, optimize=True)
        case Kind.WEBP:
            picture.save(out, "WEBP", quality=90, method=4)
        case _:
            picture.save(out, "PNG")
    return out.getvalue()


def _fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = longest / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _too_many_pixels(name: str, limits: Limits) -> FileRefused:
    return FileRefused(
        Reason.TOO_MANY_PIXELS,
        name,
        f"は画素数が多すぎます（上限 {limits.max_pixels // 10_000:,} 万画素）。",
        hint="撮影の設定で画素数を下げるか、縮小した画像を送ってください。",
    )


def _register_heic() -> None:
    # Imported here because loading the decoder costs 30 ms and most processes never see such a picture.
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
