"""One frozen `Settings` read from TOML: every field with its unit and its reason. A secret is only ever a name here.

`SCHEMA` is the single list of what may stand in the file; the README's table and the checks come from it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from workstation.errors import ConfigError
from workstation.reference import Source

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """The way out of the hospital."""

    url: str = ""  # http://proxy.hospital.local:3128; empty: PAC, then the system's
    pac: str = ""  # URL or path of a proxy auto-configuration script
    user: str = ""  # name for the proxy's sign-in; DOMAIN\\user for NTLM
    secret: str = "proxy"  # name of the secret that holds the proxy's password  # noqa: S105
    sign_in: str = "auto"  # auto, basic, ntlm, negotiate: `auto` takes the strongest the proxy offers
    no_proxy: tuple[str, ...] = ()  # hosts, .domains, addresses or networks reached directly


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Whom to believe."""

    ca: str = ""  # PEM file of the hospital's authority, added to the operating system's
    client_cert: str = ""  # PEM file with certificate (and key) that this workstation shows
    client_key: str = ""  # PEM file of the key, when it is not in client_cert
    client_key_secret: str = ""  # name of the secret that opens the key


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How patiently and how widely to fetch."""

    connections: int = 6  # parallel downloads at most; how many there are follows the line
    connect_timeout_s: float = 10.0  # to reach proxy and server
    idle_timeout_s: float = 30.0  # silence after which a transfer counts as stalled; there is no total limit
    allow_http: bool = False  # links to http:// hosts that are not this machine
    speed_log: bool = True  # write down how fast films came; no patient is in it


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the desk looks."""

    language: str = "auto"  # auto, zh, en
    text_scale: int = 100  # percent, 100 to 200
    blank_minutes: int = 10  # without a hand, then no patient is shown until a key is pressed; 0: never


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """How the hand-held scanner of this station types; most need nothing here."""

    interval_ms: int = 40  # milliseconds between two keys of one scan; more for a scanner set to type slowly
    prefix: str = ""  # what it types before each code, taken off
    suffix: str = "auto"  # the key it ends with: auto (Enter or Tab, or a pause), enter, tab, none


@dataclass(frozen=True, slots=True)
class MouseSettings:
    """What the hand does on an image. Left is always the tool that is chosen."""

    middle: str = "pan"  # a drag with the middle button: pan, zoom, scroll, window
    right: str = "zoom"  # a drag with the right button; a click is always the menu
    wheel_reversed: bool = False  # towards the hand is the image before


@dataclass(frozen=True, slots=True)
class MemorySettings:
    """How much may be held."""

    film_mb: int = 2048  # instances as received, MiB
    frames_mb: int = 1024  # unpacked frames, MiB


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """What stays of films on this machine: encrypted, for this user alone."""

    keep: bool = True  # without it, and without a key store, only until the program ends
    gigabytes: int = 20  # at most; what was not open for longest makes room
    days: int = 7  # after a film was open last it is destroyed
    until: str = ""  # or at this time of day, the end of the clinic, e.g. 18:00; pinned films stay
    at_shutdown: bool = False  # or when the program ends; pinned films stay
    compare: bool = True  # when a kept film is opened, a few images are fetched again and compared


@dataclass(frozen=True, slots=True)
class MonitorSettings:
    """Monitors with a DICOM table of their own, by model ("RX360") or model and serial number ("RX360 12345").

    For IT, which answers for their checks, too.
    """

    diagnostic: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    operating_room: tuple[str, ...] = ()
    patient: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """What IT allows on this station. An act that is not named here is allowed."""

    demo: bool = True  # the command `demo`
    export: bool = True  # copy picture or text, save PNG, fetch to a folder; without it nothing is printed, either
    print: bool = True  # print reports
    open_files: bool = True  # open files and folders of this machine
    typed_links: bool = True  # open hosts that no source names
    declare_monitors: bool = True  # say what monitors are for, measure and check them
    read_screen: bool = True  # look for codes in a region of the screen


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured."""

    proxy: ProxySettings = field(default_factory=ProxySettings)
    tls: TlsSettings = field(default_factory=TlsSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    screen: ScreenSettings = field(default_factory=ScreenSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    mouse: MouseSettings = field(default_factory=MouseSettings)
    memory: MemorySettings = field(default_factory=MemorySettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    monitors: MonitorSettings = field(default_factory=MonitorSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()  # commands whose keys are others than the program's own
    sources: tuple[Source, ...] = ()
    locked: frozenset[str] = frozenset()  # what IT placed on the machine: section.key, source:NAME
    problem: ConfigError | None = None  # set: the file was wrong, these are defaults, and nothing may be sent

    @property
    def offline(self) -> bool:
        """Nothing is sent while the settings are broken: a wrong proxy line must not mean a direct connection."""
        return self.problem is not None


_SECTIONS: Final[dict[str, type[Any]]] = {
    "proxy": ProxySettings,
    "tls": TlsSettings,
    "network": NetworkSettings,
    "screen": ScreenSettings,
    "scanner": ScannerSettings,
    "mouse": MouseSettings,
    "memory": MemorySettings,
    "store": StoreSettings,
    "monitors": MonitorSettings,
    "policy": PolicySettings,
}
SECTIONS: Final = frozenset({*_SECTIONS, "keys", "source"})
_DRAGS: Final = ("pan", "zoom", "scroll", "window")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "proxy.sign_in": ("auto", "basic", "ntlm", "negotiate"),
    "screen.language": ("auto", "zh", "en"),
    "scanner.suffix": ("auto", "enter", "tab", "none"),
    "mouse.middle": _DRAGS,
    "mouse.right": _DRAGS,
}
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "network.connections": (1, 6),
    "network.connect_timeout_s": (1, 120),
    "network.idle_timeout_s": (1, 600),
    "screen.text_scale": (100, 200),
    "screen.blank_minutes": (0, 240),
    "scanner.interval_ms": (10, 200),
    "memory.film_mb": (64, 65536),
    "memory.frames_mb": (64, 65536),
    "store.gigabytes": (1, 2000),
    "store.days": (1, 365),
}
_PATTERNS: Final = {"store.until": (r"|([01][0-9]|2[0-3]):[0-5][0-9]", "00:00 … 23:59")}
_TYPE_WORDS: Final[dict[type, str]] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    tuple: "a list of texts",
}

_SOURCE_KINDS: Final[dict[str, type]] = {
    "name": str,
    "root": str,
    "link_hosts": tuple,
    "issuer": str,
    "secret": str,
    "sign_in": str,
    "user": str,
    "wado_uri": str,
}


def load(path: Path) -> Settings:
    """Read settings from a TOML file.

    Raises
    ------
    ConfigError
        The file is missing, not TOML, or holds something not understood; the parameters say where.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config-not-found", file=path.name) from error
    return parse(text, name=path.name)


def load_or_safe(path: Path | None) -> Settings:
    """Settings from `path`; when the file is wrong, safe defaults that send nothing and carry the problem."""
    if path is None:
        return Settings()
    try:
        return load(path)
    except ConfigError as error:
        return Settings(problem=error)


def parse(text: str, name: str = "settings") -> Settings:
    """Read settings from TOML text; see `load`."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = _position(str(error))
        raise ConfigError(
            "config-not-toml", file=name, line=line, column=column, reason=str(error).split(" (at")[0]
        ) from error
    settings = Settings()
    for key, value in tree.items():
        if key == "source":
            settings = replace(settings, sources=_sources(value))
        elif key == "keys":
            settings = replace(settings, keys=_keys(value))
        elif key in _SECTIONS:
            settings = replace(settings, **{key: _section(key, _SECTIONS[key], value)})
        else:
            raise _unknown(key, [*_SECTIONS, "keys", "source"])
    return settings


def with_machine(settings: Settings, path: Path) -> Settings:
    """The user's settings, overruled entry by entry by what IT placed on the machine; that is locked.

    Sources of the machine stand before the user's own; one of the same name takes the place of the user's.

    Raises
    ------
    ConfigError
        The machine's file is there and wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return settings
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config-not-found", file=path.name) from error
    machine = parse(text, path.name)
    locked: set[str] = set()
    for section, entries in tomllib.loads(text).items():
        if section in _SECTIONS:
            given = {key: getattr(getattr(machine, section), key) for key in entries}
            settings = replace(settings, **{section: replace(getattr(settings, section), **given)})
            locked |= {f"{section}.{key}" for key in entries}
    if machine.keys:
        own = {**dict(settings.keys), **dict(machine.keys)}
        settings = replace(settings, keys=tuple(own.items()))
        locked |= {f"keys.{action}" for action, _ in machine.keys}
    names = {source.name for source in machine.sources}
    kept = tuple(source for source in settings.sources if source.name not in names)
    locked |= {f"source:{name}" for name in names}
    return replace(settings, sources=(*machine.sources, *kept), locked=frozenset(locked))


def _keys(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ConfigError("config-wrong-type", key="keys", expected="a table", found=_found(value))
    return tuple((action, _checked(f"keys.{action}", item, tuple)) for action, item in value.items())


def _position(message: str) -> tuple[int, int]:
    numbers = [int(word.strip(",)")) for word in message.split() if word.strip(",)").isdigit()]
    return (numbers[-2], numbers[-1]) if len(numbers) >= 2 else (0, 0)


def _unknown(key: str, known: list[str]) -> ConfigError:
    close = difflib.get_close_matches(key.rsplit(".", 1)[-1], [name.rsplit(".", 1)[-1] for name in known], n=1)
    return ConfigError("config-unknown-key", key=key, suggestion=close[0] if close else "")


def _section(prefix: str, cls: type[Any], value: object) -> Any:
    if not isinstance(value, dict):
        raise ConfigError("config-wrong-type", key=prefix, expected="a table", found=_found(value))
    defaults = dict(cls.__dataclass_fields__.items())
    checked: dict[str, Any] = {}
    for key, item in value.items():
        if key not in defaults:
            raise _unknown(f"{prefix}.{key}", list(defaults))
        default = defaults[key].default
        checked[key] = _checked(f"{prefix}.{key}", item, type(default))
    return cls(**checked)


def _checked(key: str, item: object, wanted: type) -> Any:
    if wanted is tuple and isinstance(item, list) and all(isinstance(word, str) for word in item):
        return tuple(item)
    if wanted is float and isinstance(item, int) and not isinstance(item, bool):
        item = float(item)
    if type(item) is not wanted:
        raise ConfigError("config-wrong-type", key=key, expected=_TYPE_WORDS[wanted], found=_found(item))
    if key in _CHOICES and item not in _CHOICES[key]:
        raise ConfigError("config-bad-value", key=key, reason=" | ".join(_CHOICES[key]))
    if key in _PATTERNS and not re.fullmatch(_PATTERNS[key][0], str(item)):
        raise ConfigError("config-bad-value", key=key, reason=_PATTERNS[key][1])
    if key in _RANGES and isinstance(item, (int, float)):
        low, high = _RANGES[key]
        if not low <= item <= high:
            raise ConfigError("config-bad-value", key=key, reason=f"{low:g} … {high:g}")
    return item


def _found(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return _TYPE_WORDS.get(type(value), type(value).__name__)


def _sources(value: object) -> tuple[Source, ...]:
    if not isinstance(value, list):
        raise ConfigError("config-wrong-type", key="source", expected="[[source]]", found=_found(value))
    sources = tuple(_source(index + 1, item) for index, item in enumerate(value))
    names = [source.name for source in sources]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise ConfigError("config-bad-value", key=f"source[{index + 1}].name", reason="a name of its own")
    return sources


def _source(number: int, item: object) -> Source:
    prefix = f"source[{number}]"
    if not isinstance(item, dict):
        raise ConfigError("config-wrong-type", key=prefix, expected="a table", found=_found(item))
    kinds = _SOURCE_KINDS
    checked: dict[str, Any] = {}
    for key, entry in item.items():
        if key not in kinds:
            raise _unknown(f"{prefix}.{key}", list(kinds))
        checked[key] = _checked(f"{prefix}.{key}", entry, kinds[key])
    for needed in ("name", "root"):
        if not checked.get(needed):
            raise ConfigError("config-bad-value", key=f"{prefix}.{needed}", reason="must be given")
    checked["root"] = checked["root"].rstrip("/")
    if not checked["root"].startswith(("https://", "http://")):
        raise ConfigError("config-bad-value", key=f"{prefix}.root", reason="https://…")
    if not checked.get("wado_uri", "https://").startswith(("https://", "http://")):
        raise ConfigError("config-bad-value", key=f"{prefix}.wado_uri", reason="https://…")
    return Source(**checked)
