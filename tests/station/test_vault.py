from __future__ import annotations

import os
import subprocess
import sys

import keyring.backends.fail
import keyring.errors
import pytest

from workstation.reference import Secret
from workstation.station.vault import Vault, environment_name


class FakeKeyStore:
    """A key store that holds what it is given, or breaks."""

    def __init__(self, error: Exception | None = None) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.error = error

    def get_password(self, service, username):
        if self.error:
            raise self.error
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        if self.error:
            raise self.error
        self.held[service, username] = password


@pytest.fixture
def no_key_store(monkeypatch):
    monkeypatch.setattr("keyring.get_keyring", keyring.backends.fail.Keyring)


def test_a_secret_in_the_key_store_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("WORKSTATION_SECRET_PROXY", "from environment")
    store = FakeKeyStore()
    store.held["cloudfilm-workstation", "proxy"] = "from store"
    assert Vault(store).secret("proxy") == Secret("from store")


@pytest.mark.usefixtures("no_key_store")
def test_a_secret_is_taken_out_of_the_environment_once_read_and_still_known(monkeypatch):
    monkeypatch.setenv("WORKSTATION_SECRET_REGION_CLOUD_2", "token")
    vault = Vault()
    assert vault.secret("region-cloud.2") == Secret("token")
    assert "WORKSTATION_SECRET_REGION_CLOUD_2" not in os.environ
    assert vault.secret("region-cloud.2") == Secret("token")


def test_a_child_process_inherits_no_secret(monkeypatch):
    monkeypatch.setenv("WORKSTATION_SECRET_PROXY", "canary-7001")
    Vault(FakeKeyStore())  # before anybody asked for it: workers are started early
    listing = subprocess.run(
        [sys.executable, "-c", "import os; print(dict(os.environ))"], capture_output=True, text=True, check=True
    )
    assert "canary-7001" not in listing.stdout


@pytest.mark.usefixtures("no_key_store")
def test_an_unknown_secret_has_to_be_asked_for():
    assert Vault().secret("proxy") is None


@pytest.mark.usefixtures("no_key_store")
def test_without_a_key_store_a_typed_secret_lives_in_memory_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    vault = Vault()
    assert vault.remember("proxy", Secret("canary-7002"), keep=True) is False
    assert vault.secret("proxy") == Secret("canary-7002")
    assert vault.key_store_name() == ""
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"canary-7002" in path.read_bytes()]
    assert Vault().secret("proxy") is None


def test_a_kept_secret_is_known_after_a_restart():
    store = FakeKeyStore()
    assert Vault(store).remember("proxy", Secret("pw"), keep=True) is True
    assert Vault(store).secret("proxy") == Secret("pw")


def test_what_the_user_types_now_replaces_what_was_stored_before():
    store = FakeKeyStore()
    store.held["cloudfilm-workstation", "proxy"] = "old"
    vault = Vault(store)
    assert vault.remember("proxy", Secret("new"), keep=False) is False
    assert vault.secret("proxy") == Secret("new")
    vault.forget("proxy")
    assert vault.secret("proxy") == Secret("old")


def test_a_key_store_that_breaks_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("WORKSTATION_SECRET_PROXY", "from environment")
    vault = Vault(FakeKeyStore(keyring.errors.KeyringLocked("locked")))
    assert vault.secret("proxy") == Secret("from environment")
    assert vault.remember("proxy", Secret("typed"), keep=True) is False
    assert vault.secret("proxy") == Secret("typed")


def test_a_backend_that_writes_plain_text_is_not_used(monkeypatch):
    plain = type("PlaintextKeyring", (FakeKeyStore,), {"__module__": "keyrings.alt.file"})
    monkeypatch.setattr("keyring.get_keyring", plain)
    assert Vault().key_store_name() == ""


def test_the_key_store_behind_keyrings_chain_is_named(monkeypatch):
    plain = type("PlaintextKeyring", (FakeKeyStore,), {"__module__": "keyrings.alt.file"})
    service = type("Keyring", (FakeKeyStore,), {"__module__": "keyring.backends.SecretService"})
    chain = type("ChainerBackend", (), {"__module__": "keyring.backends.chainer", "backends": [plain(), service()]})
    monkeypatch.setattr("keyring.get_keyring", chain)
    assert Vault().key_store_name() == "Secret Service"


def test_the_key_store_is_not_even_imported_before_a_secret_is_wanted():
    code = "import sys, workstation.station.vault as v; v.Vault(); print('keyring' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_the_name_of_the_variable_has_no_letters_a_shell_refuses():
    assert environment_name("region-cloud.2") == "WORKSTATION_SECRET_REGION_CLOUD_2"
