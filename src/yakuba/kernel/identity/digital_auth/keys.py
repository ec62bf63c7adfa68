"""Keys: ours that sign assertions and open signatures, and the provider's that sign its tokens."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from yakuba.kernel.identity.digital_auth.base import ProviderFault, ProviderLied
from yakuba.kernel.values.api import Clock

#: Seconds the provider's keys are believed without looking again, and seconds between two looks at most.
_BELIEVED, _PAUSE = 600, 60
_MOST_KEYS = 50
_LARGEST_FILE = 20_000
_FAULTS = (JoseError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError)


def signing_key(path: Path) -> ECKey:
    """Our private key for client authentication: EC P-256, JWK or PEM. Raises ``ProviderFault``."""
    key = _private_key(path)
    if not isinstance(key, ECKey) or key.curve_name != "P-256":
        raise ProviderFault(f"{path.name}：EC P-256（ES256用）の秘密鍵ではありません")
    return key


def opening_key(path: Path) -> ECKey | RSAKey:
    """Our private key that opens signatures: RSA of 2048 bits or more, or EC P-256. Raises ``ProviderFault``."""
    key = _private_key(path)
    if isinstance(key, RSAKey) and key.raw_value.key_size < 2048:
        raise ProviderFault(f"{path.name}：RSAの鍵は2048ビット以上にしてください")
    if isinstance(key, ECKey) and key.curve_name != "P-256":
        raise ProviderFault(f"{path.name}：ECの鍵はP-256にしてください")
    return key


def public_part(key: ECKey | RSAKey, *, use: str) -> dict[str, Any]:
    """The public JWK to be registered with the provider; ``use`` is ``sig`` or ``enc``."""
    algorithm = "ES256" if use == "sig" else "RSA-OAEP-256" if isinstance(key, RSAKey) else "ECDH-ES+A256KW"
    return {**key.as_dict(private=False), "kid": kid_of(key), "use": use, "alg": algorithm}


def public_text(key: ECKey | RSAKey, *, use: str) -> str:
    """The public JWK as text to hand over."""
    return json.dumps(public_part(key, use=use), indent=2, sort_keys=True)


def kid_of(key: ECKey | RSAKey) -> str:
    """The key's own name, else its thumbprint (RFC 7638)."""
    return str(key.kid or key.thumbprint())


def fresh_key_text() -> str:
    """A new private EC P-256 key as JWK text, named by its thumbprint."""
    key = ECKey.generate_key("P-256", private=True)
    return json.dumps({**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": "ES256"})


def ec_key(raw: EllipticCurvePrivateKey) -> ECKey:
    """A key of the ``cryptography`` library as JWK, named by its thumbprint."""
    pem = raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem, {"kid": str(ECKey.import_key(pem).thumbprint())})


def _private_key(path: Path) -> ECKey | RSAKey:
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST_FILE).decode("utf-8").strip()
    except OSError as fault:
        raise ProviderFault(f"鍵のファイル {path.name} を読めません（{fault.strerror}）") from fault
    except UnicodeDecodeError as fault:
        raise ProviderFault(f"{path.name}：JWKかPEMの鍵ではありません") from fault
    try:
        key: Any = import_key(json.loads(text)) if text.startswith("{") else _from_pem(text)
    except (*_FAULTS, RecursionError) as fault:
        raise ProviderFault(f"{path.name}：JWKかPEMの鍵として読めません") from fault
    if not isinstance(key, ECKey | RSAKey) or not key.is_private:
        raise ProviderFault(f"{path.name}：RSAかECの秘密鍵ではありません")
    return key


def _from_pem(text: str) -> ECKey | RSAKey:
    try:
        return ECKey.import_key(text)
    except _FAULTS:
        return RSAKey.import_key(text)


@dataclass
class KeyRing:
    """The provider's public keys (JWKS). A key that is not on the ring is looked for once more, but not on every token.

    ``fetch`` asks the provider for the set; ``clock`` is the machine's.
    """

    fetch: Callable[[], Mapping[str, Any]]
    clock: Clock
    _keys: dict[str, ECKey] = field(default_factory=dict)
    _looked: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def key_of(self, kid: str) -> ECKey:
        """The key of that name. Raises ``ProviderLied`` when the provider has none, ``ProviderUnavailable``."""
        with self._lock:
            age = self.clock.now().timestamp() - self._looked
            is_old = not 0 <= age <= _BELIEVED
            if is_old or (kid not in self._keys and age >= _PAUSE):
                self._look()
            found = self._keys.get(kid)
        if found is None:
            raise ProviderLied("kid")
        return found

    def look_again(self) -> int:
        """Ask for the set now; how many of its keys are of use."""
        with self._lock:
            self._look()
            return len(self._keys)

    def _look(self) -> None:
        answered = self.fetch()
        self._looked = self.clock.now().timestamp()
        self._keys = usable_keys(answered)


def usable_keys(answered: Mapping[str, Any]) -> dict[str, ECKey]:
    """The P-256 signature keys of a JWKS by name. Other keys may stand in it and are left aside (RFC 7517 section 5);
    two keys of one name are both left aside. Raises ``ProviderLied`` if it is no key set.
    """
    listed = answered.get("keys")
    if not isinstance(listed, list) or len(listed) > _MOST_KEYS:
        raise ProviderLied("jwks")
    found: dict[str, ECKey] = {}
    doubled: set[str] = set()
    for one in listed:
        key = _usable(one)
        if key is not None:
            if key.kid in found:
                doubled.add(str(key.kid))
            found[str(key.kid)] = key
    return {kid: key for kid, key in found.items() if kid not in doubled}


def _usable(told: Any) -> ECKey | None:
    if not isinstance(told, dict) or told.get("kty") != "EC" or told.get("crv") != "P-256":
        return None
    if told.get("use", "sig") != "sig" or told.get("alg", "ES256") != "ES256":
        return None
    kid = told.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= 200:
        return None
    try:
        return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": told["x"], "y": told["y"], "kid": kid})
    except _FAULTS:
        return None
