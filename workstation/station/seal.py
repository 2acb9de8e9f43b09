"""`Seal`: what is written to this machine's disk about films is sealed with a key that the user's key store holds.

Where there is no key store, the key lies in the user's runtime folder, which lives in memory and ends with the log-in.
Where there is neither, nothing is written. AES-256-GCM (NIST SP 800-38D), a random nonce of 12 bytes before the text.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation.reference import Secret

if TYPE_CHECKING:
    from workstation.station.vault import Vault

KEY_NAME: Final = "sealing-key"
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Seal:
    """Seals and opens small texts.

    Parameters
    ----------
    key : bytes
        32 bytes.
    """

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # 40 ms that the first window does not wait for

        self._cipher = AESGCM(key)

    def seal(self, text: bytes, purpose: str) -> bytes:
        """Seal a text; only the same purpose opens it again."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes | None:
        """The text, or None when it was sealed with another key or for another purpose, or was changed."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            return None


def seal_of(vault: Vault, runtime: Path | None = None) -> Seal | None:
    """The seal of this user; None where a key can be kept nowhere.

    Parameters
    ----------
    runtime : Path, optional
        The user's runtime folder; by default ``XDG_RUNTIME_DIR``.
    """
    key = _from_key_store(vault) or _from_runtime_folder(runtime)
    return Seal(key) if key is not None else None


def lasting_key(vault: Vault) -> bytes | None:
    """The key of this user that outlasts a log-in: in the key store alone; None where there is none."""
    return _from_key_store(vault)


def _from_key_store(vault: Vault) -> bytes | None:
    if not vault.key_store_name():
        return None
    kept = vault.secret(KEY_NAME)
    key = _decoded(kept.reveal()) if kept else None
    if key is not None:
        return key
    made = secrets.token_bytes(_KEY_BYTES)
    is_kept = vault.remember(KEY_NAME, Secret(base64.b64encode(made).decode()), keep=True)
    return made if is_kept else None


def _decoded(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None


def _from_runtime_folder(runtime: Path | None) -> bytes | None:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = runtime or (Path(named) if named else None)
    if sys.platform == "win32" or folder is None or not _is_private(folder):
        return None
    file = folder / f"{KEY_NAME}.cloudfilm-workstation"
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return _read_key(file)
    except OSError:
        return None
    key = secrets.token_bytes(_KEY_BYTES)
    with os.fdopen(handle, "wb") as opened:
        opened.write(key)
    return key


def _read_key(file: Path) -> bytes | None:
    try:
        key = file.read_bytes()
    except OSError:
        return None
    return key if len(key) == _KEY_BYTES else None


def _is_private(folder: Path) -> bool:
    """Whether only this user can look into the folder."""
    try:
        found = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
