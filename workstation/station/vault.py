"""Secrets by name: the key store of the operating system, the environment, memory. Never a plain file.

The only importer of `keyring`, and only when a secret is first wanted: looking for a key store takes a while.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from typing import TYPE_CHECKING, Final, Protocol

from workstation.reference import Secret

if TYPE_CHECKING:
    from types import ModuleType

_log = logging.getLogger(__name__)
_SERVICE: Final = "cloudfilm-workstation"
_PREFIX: Final = "WORKSTATION_SECRET_"
# The key stores that encrypt with the user's own key. Others, among them some that write plain text, are not used.
_KEY_STORES: Final = {
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "Keychain",
}


class KeyStore(Protocol):
    """What is asked of a key store; `keyring`'s backends are of this form."""

    def get_password(self, service: str, username: str) -> str | None:
        """Give a secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""


class Vault:
    """Looks secrets up by name. Thread-safe.

    Parameters
    ----------
    store : KeyStore, optional
        Used instead of the operating system's key store.
    """

    def __init__(self, store: KeyStore | None = None) -> None:
        self._lock = threading.RLock()
        self._typed: dict[str, Secret] = {}
        self._from_environment: dict[str, Secret] = {}
        self._store = store
        self._is_looked_up = store is not None
        self._empty_environment()

    def secret(self, name: str) -> Secret | None:
        """Give the secret called `name`: as typed in this session, from the key store, from the environment.

        Every ``WORKSTATION_SECRET_<NAME>`` is taken out of the environment, so that no child process inherits it.
        None means that the user has to be asked.
        """
        with self._lock:
            self._empty_environment()
            if name in self._typed:
                return self._typed[name]
            return self._stored(name) or self._from_environment.get(environment_name(name))

    def remember(self, name: str, value: Secret, *, keep: bool) -> bool:
        """Hold a secret that the user typed; with `keep`, also in the key store.

        Returns
        -------
        bool
            Whether it will still be known after a restart. Without a key store it never is.
        """
        with self._lock:
            self._typed[name] = value
            store = self._key_store() if keep else None
            if store is None:
                return False
            try:
                store.set_password(_SERVICE, name, value.reveal())
            except (_keyring().errors.KeyringError, OSError) as error:  # too long for it, or locked
                _log.info("the key store did not take a secret: %s", type(error).__name__)
                return False
            return True

    def forget(self, name: str) -> None:
        """Drop what was typed in this session, so that it is looked up again."""
        with self._lock:
            self._typed.pop(name, None)

    def key_store_name(self) -> str:
        """Name of the key store in use; empty when there is none and secrets live in memory alone."""
        with self._lock:
            store = self._key_store()
            if store is None:
                return ""
            return _KEY_STORES.get(type(store).__module__, type(store).__name__)

    def _empty_environment(self) -> None:
        for variable in [name for name in os.environ if name.startswith(_PREFIX)]:
            value = os.environ.pop(variable)
            if value:
                self._from_environment[variable] = Secret(value)

    def _stored(self, name: str) -> Secret | None:
        store = self._key_store()
        if store is None:
            return None
        try:
            value = store.get_password(_SERVICE, name)
        except (_keyring().errors.KeyringError, OSError) as error:
            _log.info("the key store did not answer: %s", type(error).__name__)
            return None
        return Secret(value) if value else None

    def _key_store(self) -> KeyStore | None:
        if not self._is_looked_up:
            self._is_looked_up = True
            self._store = _system_store()
        return self._store


def environment_name(name: str) -> str:
    """Give the variable in which a secret may be handed over: ``WORKSTATION_SECRET_REGION_CLOUD`` for region-cloud."""
    return _PREFIX + re.sub(r"[^A-Za-z0-9]", "_", name).upper()


def _keyring() -> ModuleType:
    import keyring
    import keyring.errors

    module: ModuleType = keyring
    return module


def _system_store() -> KeyStore | None:
    """The operating system's key store, if it has one that encrypts."""
    found = _keyring().get_keyring()
    for candidate in (found, *getattr(found, "backends", ())):
        if type(candidate).__module__ in _KEY_STORES:
            store: KeyStore = candidate
            return store
    return None
