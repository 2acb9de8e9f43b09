"""What can be set on the settings page, form by form: each entry with its words, its hint and its bounds."""

from __future__ import annotations

from typing import Final

from workstation.ui.language import mark
from workstation.ui.settings_fields import Entry

_DRAGS: Final = (
    ("pan", mark("Pan")), ("zoom", mark("Zoom")), ("scroll", mark("Scroll")), ("window", mark("Window")),
)  # fmt: skip
PROXY: Final = (
    Entry("proxy.url", mark("Proxy"), mark("http://proxy.hospital.local:3128; empty: by script, else the system's")),
    Entry("proxy.pac", mark("Configuration script"),
          mark("Address or path of a PAC file, when there is no proxy above")),
    Entry("proxy.user", mark("User name"), mark("DOMAIN\\user for NTLM; empty: the proxy asks nobody")),
    Entry("proxy.sign_in", mark("Sign-in"), kind="choice", choices=(
        ("auto", mark("The strongest the proxy offers")), ("basic", "Basic"), ("ntlm", "NTLM"),
        ("negotiate", "Negotiate (Kerberos)"))),
    Entry("proxy.no_proxy", mark("Reached directly"), mark("Hosts, .domains or networks, by commas"), "words"),
)  # fmt: skip
CERTIFICATES: Final = (
    Entry("tls.ca", mark("The hospital's authority"), mark("PEM file; believed besides those of the operating system"),
          "file"),
    Entry("tls.client_cert", mark("This workstation's certificate"), mark("PEM file, where a server asks for one"),
          "file"),
    Entry("tls.client_key", mark("Its key"), mark("PEM file, when the key is not in the certificate's file"), "file"),
)  # fmt: skip
SCREEN: Final = (
    Entry("screen.language", mark("Language"), kind="choice", choices=(
        ("auto", mark("As the system")), ("zh", "中文"), ("en", "English"))),
    Entry("screen.text_scale", mark("Size of texts"), kind="number", bounds=(100, 200), unit="%"),
    Entry("screen.blank_minutes", mark("Blank when nobody is there, after"),
          mark("One key brings it back. 0: never. Monitors of an operating room stay as they are"), "number",
          bounds=(0, 240), unit="min"),
)  # fmt: skip
SCANNER: Final = (
    Entry("scanner.prefix", mark("Before each code"), mark("What the scanner types before each code, if it does")),
    Entry("scanner.suffix", mark("After each code"), kind="choice", choices=(
        ("auto", mark("Enter or Tab, or a pause")), ("enter", "Enter"), ("tab", "Tab"), ("none", mark("Nothing")))),
    Entry("scanner.interval_ms", mark("Between two keys, at most"),
          mark("More for a scanner that types slowly; a hand is slower than 60 ms"), "number", bounds=(10, 200),
          unit="ms"),
)  # fmt: skip
MOUSE: Final = (
    Entry("mouse.middle", mark("Drag with the middle button"), kind="choice", choices=_DRAGS),
    Entry("mouse.right", mark("Drag with the right button"), kind="choice", choices=_DRAGS),
    Entry("mouse.wheel_reversed", mark("Wheel towards the hand is the image before"), kind="check"),
)  # fmt: skip
MEMORY: Final = (
    Entry("memory.film_mb", mark("Films as received"), kind="number", bounds=(64, 65536), unit="MiB"),
    Entry("memory.frames_mb", mark("Unpacked images"), kind="number", bounds=(64, 65536), unit="MiB"),
    Entry("store.keep", mark("Keep films on this machine, encrypted"),
          mark("The next time they open at once; without a key store they go when the program ends"), "check"),
    Entry("store.gigabytes", mark("Kept films, at most"), kind="number", bounds=(1, 2000), unit="GiB"),
    Entry("store.days", mark("Kept after they were open last"), kind="number", bounds=(1, 365), unit="d"),
    Entry("store.until", mark("Kept films go at the end of the clinic, at"),
          mark("A time of day, such as 18:00; empty: they stay. Films that shall stay, stay")),
    Entry("store.at_shutdown", mark("Kept films go when the program ends"), mark("Films that shall stay, stay"),
          "check"),
    Entry("store.compare", mark("Compare kept films with their source"),
          mark("When a kept film is opened, three of its images are fetched again and compared"), "check"),
    Entry("network.connections", mark("Parallel downloads, at most"), kind="number", bounds=(1, 6)),
    Entry("network.allow_http", mark("Allow links without encryption (http)"), kind="check"),
)  # fmt: skip
