"""From an error's code and parameters to one sentence: what happened and what to do, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.ui.language import mark, tr

if TYPE_CHECKING:
    from workstation.errors import WorkstationError

SENTENCES: Final[dict[str, str]] = {
    # the settings file
    "config-not-found": mark("The settings file {file} cannot be read: check that it exists and is UTF-8 text."),
    "config-not-toml": mark(
        "The settings file {file} is wrong in line {line}, column {column} ({reason}): mend it there."
    ),
    "config-unknown-key": mark(
        "The settings file has an unknown entry “{key}”: remove it, or did you mean “{suggestion}”?"
    ),
    "config-wrong-type": mark("The settings entry “{key}” must be {expected}, but it is {found}: correct it."),
    "config-bad-value": mark("The settings entry “{key}” has a value that cannot be used; allowed: {reason}."),
    "config-key-twice": mark(
        "The key {key} is given to more than one command ({commands}) and does nothing: change it in the settings."
    ),
    # links
    "link-empty": mark("Nothing was entered: paste the film's link, or type a study UID or an accession number."),
    "link-not-understood": mark(
        "This is not a film link: copy the whole link from the message, or type a study UID or an accession number."
    ),
    "link-host-unknown": mark("No source is configured for “{host}”: ask IT to add it to the settings."),
    "link-not-secure": mark("The link to “{host}” is not encrypted (http) and was not opened: ask for an https link."),
    "link-bad-uid": mark("The link holds a study number that cannot be right: copy the whole link again."),
    "link-no-source": mark("No image source is configured yet: paste a full link, or ask IT to add a source."),
    "link-expired": mark("The link has expired: ask the patient to share the film again."),
    "link-passcode-needed": mark("This film is protected: enter the passcode that the patient received."),
    "link-passcode-wrong": mark("The passcode is wrong: check it with the patient and enter it again."),
    "link-many-patients": mark("The link names several patients: open one film at a time."),
    "link-study-not-found": mark(
        "The source has no such film: check the number, or ask the patient to share it again."
    ),
    "link-several-studies": mark("{count} films fit this number: choose one from the list."),
    "link-file-not-found": mark("There is no file or folder “{file}”: check its name."),
    "link-folder-empty": mark("There are no DICOM images in this folder: choose the folder that holds the film."),
    # codes
    "code-not-found": mark(
        "No code was found in this picture: frame or photograph it closer and sharper, or paste the link."
    ),
    "code-opens-nothing": mark(
        "None of the {count} codes in this picture leads to a film: ask for the film's own code."
    ),
    "picture-unreadable": mark("This picture cannot be read: save it as PNG or JPEG and open it again."),
    "picture-too-large": mark("This picture is too large to search for codes: cut out the part with the code."),
    "no-picture-copied": mark("Nothing that can be opened was copied: copy the picture or the link first."),
    # the way
    "proxy-unreachable": mark("The hospital proxy {proxy} does not answer: check the network cable, then ask IT."),
    "proxy-sign-in": mark("The hospital proxy {proxy} asks for a name and a password: enter them, or ask IT."),
    "proxy-wrong-password": mark("The hospital proxy {proxy} does not accept the password: enter it again, or ask IT."),
    "proxy-forbidden": mark("The hospital proxy {proxy} does not allow {host}:{port}: ask IT to release it."),
    "proxy-failed": mark("The hospital proxy {proxy} could not connect (status {status}): try again, then ask IT."),
    "pac-failed": mark("The proxy script of the hospital cannot be used ({reason}): ask IT."),
    "network-off": mark("The settings file is wrong, so nothing is sent: mend the settings first."),
    "name-not-found": mark("The address {host} is not known here: check the link, then ask IT."),
    "server-unreachable": mark("The cloud {host} does not answer: try again in a minute."),
    "tls-unknown-authority": mark(
        "The certificate of {host} comes from an unknown authority ({issuer}), so nothing was opened: ask IT."
    ),
    "tls-wrong-host": mark("The certificate does not belong to {host}, so nothing was opened: ask IT."),
    "tls-expired": mark(
        "The certificate of {host} has expired, so nothing was opened: check this PC's date, then ask IT."
    ),
    "tls-failed": mark("No secure connection to {host} could be made ({reason}): ask IT."),
    "tls-client-certificate": mark("{host} wants a certificate of this workstation: ask IT to install one."),
    "timed-out": mark("{host} was silent for {seconds} s: try again."),
    "connection-lost": mark("The connection to {host} broke: try again."),
    "server-resting": mark("{host} failed several times in a row and is tried again by itself: wait, or ask IT."),
    # the server's no
    "sign-in-needed": mark("{host} does not accept this link or sign-in (it may have expired): ask for a new link."),
    "not-permitted": mark("{host} does not permit this: the link may be for another film; ask for a new one."),
    "not-found": mark("{host} does not have this film any more: ask the patient to share it again."),
    "bad-request": mark("{host} did not understand the request (status {status}): tell IT."),
    "busy": mark("{host} is busy: try again in {seconds} s."),
    "from-store": mark("{host} is fetching this from its store: ask for it again in a few minutes."),
    "server-error": mark("{host} has a fault of its own (status {status}): try again in a minute."),
    "redirected-away": mark("{host} sends us on to {other}, which is not allowed: ask IT."),
    # transfer
    "cut-off": mark("The transfer broke off before it was complete: open the film again."),
    "stalled": mark("No data came for {seconds} s: open the film again."),
    "wrong-length": mark("The data is not as long as announced and was refused: open the film again."),
    "no-closing-delimiter": mark("The data ended too early and was refused: open the film again."),
    "bad-multipart": mark("The answer of the cloud is damaged and was refused: open the film again, then tell IT."),
    "not-dicom-answer": mark(
        "The link leads to something else ({content_type}), not to images: ask for the film's link."
    ),
    "too-large": mark("The answer is larger than allowed and was refused: tell IT."),
    # identity
    "wrong-instance": mark("The cloud sent another image than the one asked for; it was refused: tell IT."),
    "wrong-series": mark("The cloud sent an image of another series; it was refused: tell IT."),
    "wrong-study": mark("The cloud sent an image of another examination; it was refused: tell IT."),
    "wrong-patient": mark("The cloud sent an image of ANOTHER PATIENT; it was refused: tell IT."),
    # data sets
    "not-dicom": mark("This is not a DICOM image: choose a DICOM file."),
    "truncated": mark("The image is not complete and was refused: fetch or copy it again."),
    "damaged": mark("The image is damaged and was refused: fetch or copy it again."),
    "over-limit": mark("The image exceeds what is safe to open ({what}) and was refused: tell IT."),
    "no-pixels": mark("This object holds no picture ({what}): open it with the program it belongs to."),
    "unsupported-syntax": mark("Images of this kind cannot be shown yet ({syntax}): ask for another format."),
    "unsupported-pixels": mark("Pixels of this kind cannot be shown yet ({reason}): ask for another format."),
    "two-of-one-uid": mark("Two different files claim to be the same image, so one was refused: fetch the film again."),
    "unsupported-document": mark("A report of this kind cannot be shown ({what}): open it where it was made."),
    "no-such-frame": mark("There is no image {frame}: the object has {frames}."),
    # decoding
    "decode-failed": mark("The picture cannot be unpacked and is not shown: fetch it again, then tell IT."),
    "decode-timeout": mark("Unpacking the picture took longer than {seconds} s and was stopped: tell IT."),
    "decoder-died": mark("The picture made the unpacker fail; it is not shown: tell IT."),
    "decode-wrong-size": mark("The picture is not of the size it declares; it is not shown: tell IT."),
    "document-locked": mark("The report is protected by a password and cannot be shown: ask whoever wrote it."),
    "document-damaged": mark("The report is damaged and cannot be shown: fetch it again, then tell IT."),
    "document-failed": mark("The report could not be drawn and was given up: tell IT."),
    # this station
    "not-allowed": mark("This workstation does not allow it ({act}): ask IT."),
    "secret-missing": mark("The password “{name}” is not known here: enter it, or ask IT to store it."),
    "no-key-store": mark("This workstation has no key store: passwords are kept only until the program ends."),
    "monitor-not-measured": mark(
        "Life size needs to know how large this monitor's pixels are: hold a card to it once, in the settings under "
        "Monitors."
    ),
    "monitor-not-square": mark(
        "This monitor's pixels are not as high as they are wide: set its own resolution in the system, then measure "
        "again."
    ),
    "image-without-millimetres": mark(
        "This image does not say how large its pixels are, so it has no life size: calibrate it by a known length."
    ),
    "rejected-safety": mark(
        "The hospital withdrew this image for the patient's safety; it is not shown: ask the department that took it."
    ),
    "rejected-worklist": mark(
        "The hospital withdrew this image, taken under a wrong order; it is not shown: ask the department that took it."
    ),
    "rejected-expired": mark(
        "The hospital withdrew this image as its time of keeping is over; it is not shown: ask the archive."
    ),
    "film-changed": mark(
        "Images of this film are not the same at its source any more: open it again to see them as they are now."
    ),
    "kept-differs": mark(
        "{count} images were kept here otherwise than their source has them now. What was kept is shown, and marked:"
        " right click, Use what the source has now."
    ),
    "cannot-write": mark("The file cannot be written ({reason}): choose another place."),
    "screen-not-readable": mark(
        "This desktop does not let programs see the screen: take a screenshot and paste it, or drop it here."
    ),
    "no-display": mark("There is no screen to show the window on: use a command that works without one."),
    "cancelled": mark("Called off."),
}
_UNEXPECTED: Final = mark("Something unexpected went wrong ({kind}): try again, then tell IT.")
_WRONG_PASSCODE_LEFT: Final = mark("The passcode is wrong ({remaining} tries left): check it with the patient.")
_SOURCE_SECRET: Final = mark("The password for “{source}” is not known here: enter it, or ask IT to store it.")
_UNKNOWN_KEY: Final = mark("The settings file has an unknown entry “{key}”: remove it.")


def sentence(error: BaseException) -> str:
    """One sentence for an error, in the language in use."""
    code = getattr(error, "code", "")
    params: dict[str, object] = dict(getattr(error, "params", {}))
    if code not in SENTENCES:
        return tr(_UNEXPECTED, kind=type(error).__name__)
    if code == "link-passcode-wrong" and int(str(params.get("remaining", -1))) >= 0:
        return tr(_WRONG_PASSCODE_LEFT, **params)
    if code == "config-unknown-key" and not params.get("suggestion"):
        return tr(_UNKNOWN_KEY, **params)
    if code == "secret-missing" and params.get("source"):
        return tr(_SOURCE_SECRET, **params)
    return _filled(SENTENCES[code], params)


def _filled(text: str, params: dict[str, object]) -> str:
    return tr(text).format_map(
        _Lenient({key: tr(value) if isinstance(value, str) else value for key, value in params.items()})
    )


class _Lenient(dict[str, object]):
    """A missing parameter shows as an ellipsis instead of failing while failing."""

    def __missing__(self, key: str) -> str:
        return "…"


def detail_for_it(error: WorkstationError) -> str:
    """The code and its parameters, for the hospital's IT: holds no patient data."""
    return str(error)
