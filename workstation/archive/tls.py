"""Whom to believe: the operating system's authorities and the hospital's; what to show: this workstation's certificate.

Verification cannot be switched off: there is no parameter for it.
"""

from __future__ import annotations

import re
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import truststore
from cryptography import x509
from cryptography.x509.oid import NameOID

from workstation.errors import ConfigError, ConnectionFailed, StationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.reference import Secret
    from workstation.settings import TlsSettings

# where distributions keep their bundle, for a packaged program whose OpenSSL was built with other paths
_BUNDLES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_EXPIRED: Final = {9, 10, 0x800B0101}  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED; CERT_E_EXPIRED
_WRONG_HOST: Final = {62, 63, 64, 0x800B010F}  # X509_V_ERR_HOSTNAME/EMAIL/IP_ADDRESS_MISMATCH; CERT_E_CN_NO_MATCH
# X509_V_ERR_ISSUER_CERT, SELF_SIGNED leaf, SELF_SIGNED chain, ISSUER_CERT_LOCALLY, LEAF_SIGNATURE;
# CERT_E_UNTRUSTEDROOT, CERT_E_CHAINING
_UNKNOWN: Final = {2, 18, 19, 20, 21, 0x800B0109, 0x800B010A}
_CLIENT_REASONS: Final = re.compile(r"ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_)")


class PeerRefused(ssl.SSLCertVerificationError):
    """A certificate that is not believed, with the name of the authority it claims to come from."""

    issuer: str = ""


def context(settings: TlsSettings, secret: Callable[[str], Secret | None]) -> ssl.SSLContext:
    """Make the context for every TLS connection: TLS 1.2 or newer, names checked, PS3.15 B.12.

    Raises
    ------
    ConfigError
        A file of the settings cannot be read or holds no certificate.
    StationError
        secret-missing: the key of the client certificate is locked and its secret is not known.
    """
    made = _system_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    if settings.ca:
        try:
            made.load_verify_locations(cafile=settings.ca)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError("config-bad-value", key="tls.ca", reason="no certificate can be read from it") from error
    if settings.client_cert:
        _show(made, settings, secret)
    return made


def _system_context(platform: str = sys.platform) -> ssl.SSLContext:
    if platform in {"win32", "darwin"}:
        made: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        inner: Any = made._ctx  # type: ignore[attr-defined]
        inner.sslsocket_class = _naming(inner.sslsocket_class)
        return made
    # truststore would read the whole bundle again at each handshake here (55 ms), under one lock for all threads
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.sslsocket_class = _naming(ssl.SSLSocket)
    _load_system_authorities(made)
    return made


def _load_system_authorities(made: ssl.SSLContext) -> None:
    # the paths OpenSSL was built with, not those that SSL_CERT_FILE names: the environment decides nothing
    paths = ssl.get_default_verify_paths()
    for place in (paths.openssl_cafile, *_BUNDLES):
        if Path(place).is_file():
            made.load_verify_locations(cafile=place)
            return
    if Path(paths.openssl_capath).is_dir():
        made.load_verify_locations(capath=paths.openssl_capath)


def _show(made: ssl.SSLContext, settings: TlsSettings, secret: Callable[[str], Secret | None]) -> None:
    asked: list[str] = []

    def password() -> str:
        name = settings.client_key_secret
        asked.append(name)
        value = secret(name) if name else None
        return value.reveal() if value else ""

    try:
        made.load_cert_chain(settings.client_cert, settings.client_key or None, password)
    except (OSError, ssl.SSLError, ValueError) as error:
        if asked and not (settings.client_key_secret and secret(settings.client_key_secret)):
            raise StationError("secret-missing", name=settings.client_key_secret) from error
        raise ConfigError("config-bad-value", key="tls.client_cert", reason="no usable certificate and key") from error


def _naming(base: type[ssl.SSLSocket]) -> type[ssl.SSLSocket]:
    """Socket class that says, when the handshake fails, whose certificate it was: IT needs the name."""

    class NamingSocket(base):  # type: ignore[valid-type,misc]
        _issuer = ""

        def close(self) -> None:
            self._note_issuer()
            super().close()

        def do_handshake(self, block: bool = False) -> None:
            try:
                super().do_handshake(block)
            except ssl.SSLCertVerificationError as error:
                self._note_issuer()
                refused = PeerRefused(*error.args)
                refused.verify_code = getattr(error, "verify_code", 0)
                refused.verify_message = getattr(error, "verify_message", "")
                refused.issuer = self._issuer
                raise refused from error

        def _note_issuer(self) -> None:
            # `SSLSocket.get_unverified_chain` is public from Python 3.13 on
            inner = getattr(self, "_sslobj", None)
            chain = inner.get_unverified_chain() if inner is not None and not self._issuer else None
            if chain:
                self._issuer = issuer_of(ssl.PEM_cert_to_DER_cert(chain[-1].public_bytes()))

    return NamingSocket


def issuer_of(certificate: bytes) -> str:
    """Name of the authority that a DER certificate claims; empty when it cannot be read."""
    try:
        issuer = x509.load_der_x509_certificate(certificate).issuer
        for wanted in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME):
            for attribute in issuer.get_attributes_for_oid(wanted):
                return "".join(letter for letter in str(attribute.value) if letter.isprintable())[:80]
    except ValueError:
        return ""
    return ""


def failure(error: ssl.SSLError, host: str) -> ConnectionFailed:
    """Our error for a TLS fault with `host`."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _unbelieved(error, host)
    reason = getattr(error, "reason", None) or "unknown"  # one that OpenSSL did not make has none
    if _CLIENT_REASONS.search(reason):
        return ConnectionFailed("tls-client-certificate", host=host)
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return ConnectionFailed("connection-lost", host=host)
    return ConnectionFailed("tls-failed", host=host, reason=_words(reason))


def _unbelieved(error: ssl.SSLCertVerificationError, host: str) -> ConnectionFailed:
    code = getattr(error, "verify_code", 0) & 0xFFFFFFFF
    message = str(getattr(error, "verify_message", ""))
    if code in _WRONG_HOST or "match" in message:
        return ConnectionFailed("tls-wrong-host", host=host)
    if code in _EXPIRED:
        return ConnectionFailed("tls-expired", host=host)
    if code in _UNKNOWN:
        return ConnectionFailed("tls-unknown-authority", host=host, issuer=getattr(error, "issuer", ""))
    return ConnectionFailed("tls-failed", host=host, reason=_words(message or "certificate"))


def _words(reason: str) -> str:
    return re.sub(r"[^a-z0-9 .-]", "", reason.lower().replace("_", " "))[:80]


def authority_words(path: str) -> str:
    """Name the authorities of a PEM file and the day the first of them expires, for `doctor`.

    Raises
    ------
    ConfigError
        config-bad-value: it cannot be read as certificates.
    """
    try:
        certificates = x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigError("config-bad-value", key="tls.ca", reason="PEM") from error
    names = [one.subject.rfc4514_string() for one in certificates]
    first = min(one.not_valid_after_utc for one in certificates)
    return f"{', '.join(names)} (… {first:%Y-%m-%d})"
