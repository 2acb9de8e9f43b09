"""The embedded cloud: a loopback DICOMweb platform with share links, over TLS."""

from __future__ import annotations

import gzip
import html
import json
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from workstation.demo.answers import Answers, Reply, json_reply, reply
from workstation.demo.catalogue import Catalogue, scan
from workstation.demo.loopback import LoopbackHandler, LoopbackServer
from workstation.demo.shares import Denied, Shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BODY_LIMIT_BYTES: Final = 1 << 14
_GZIP_FROM_BYTES: Final = 512
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>DEMO cloud film</title>
<h1>DEMO cloud film</h1><p>Study {study}</p><p>Paste this page's address into the workstation.</p></html>
"""


class CloudHandler(LoopbackHandler):
    """Answers one connection. Tests wrap what goes out: `outgoing` for the answer, `write_body` for its bytes."""

    server_version = "demo-cloud"
    sys_version = ""

    @property
    def cloud(self) -> DemoCloud:
        """The cloud this connection belongs to."""
        return cast("_CloudServer", self.server).cloud

    def do_GET(self) -> None:  # noqa: N802
        """Answer a search, a retrieval or the landing page."""
        self._send(self.outgoing(self._answer()))

    def do_POST(self) -> None:  # noqa: N802
        """Exchange a passcode for a session."""
        self._send(self.outgoing(self._session()))

    def outgoing(self, answer: Reply) -> Reply:
        """Last look at an answer before it is sent."""
        return answer

    def write_body(self, pieces: Iterator[bytes]) -> None:
        """Put the body on the wire."""
        for piece in pieces:
            self.wfile.write(piece)

    def _send(self, answer: Reply) -> None:
        body, length, headers = answer.pieces, answer.length, list(answer.headers)
        takes_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        if takes_gzip and "json" in answer.content_type and length > _GZIP_FROM_BYTES:
            packed = gzip.compress(b"".join(body), 6)
            body, length = iter([packed]), len(packed)
            headers.append(("Content-Encoding", "gzip"))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.write_body(body)
        self.wfile.flush()

    def _answer(self) -> Reply:
        if not self._is_for_us():
            return json_reply(421, {"error": "wrong host"})
        parts = urlsplit(self.path)
        words = [unquote(word) for word in parts.path.split("/") if word]
        query = parse_qs(parts.query, keep_blank_values=True)
        if words == ["viewer"]:
            study = html.escape(query.get("StudyInstanceUIDs", [""])[0])
            return reply(200, "text/html; charset=utf-8", _PAGE.format(study=study).encode())
        token = self._token(words, query)
        root = self.cloud.root
        if words[:1] == ["link"] and len(words) > 2:
            root = f"{self.cloud.url}/link/{words[1]}/dicom-web"
            words = words[2:]
        if words[:1] != ["dicom-web"]:
            return json_reply(404, {"error": "not found"})
        return self._authorized(token, words[1:], query, root)

    def _authorized(self, token: str, path: list[str], query: dict[str, list[str]], root: str) -> Reply:
        grant = self.cloud.shares.look_up(token)
        if isinstance(grant, Denied):
            return self._denied(grant)
        if grant.study_uid:
            if path[:1] == ["studies"] and len(path) > 1 and path[1] != grant.study_uid:
                return json_reply(403, {"error": "outside the share"})
            if path[:1] != ["studies"]:
                return json_reply(403, {"error": "outside the share"})
            query = {**query, "StudyInstanceUID": [*query.get("StudyInstanceUID", []), grant.study_uid]}
        return self.cloud.answers.answer(path, query, self.headers.get("Accept", ""), root)

    def _denied(self, denied: Denied) -> Reply:
        if denied.reason == "expired":
            return json_reply(410, {"error": "expired"})
        if denied.reason == "passcode":
            where = f"{self.cloud.url}/link/{denied.share_token}/session"
            return json_reply(401, {"error": "passcode"}, ("WWW-Authenticate", f'Passcode session="{where}"'))
        return json_reply(401, {"error": "token"}, ("WWW-Authenticate", 'Bearer realm="demo"'))

    def _token(self, words: list[str], query: dict[str, list[str]]) -> str:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and value:
            return value.strip()
        if words[:1] == ["link"] and len(words) > 1:
            return words[1]
        return query.get("token", [""])[0]

    def _session(self) -> Reply:
        words = [unquote(word) for word in urlsplit(self.path).path.split("/") if word]
        length = self.headers.get("Content-Length", "")
        if not self._is_for_us() or not length.isdecimal() or int(length) > _BODY_LIMIT_BYTES:
            self.close_connection = True
            return json_reply(400, {"error": "request"})
        try:
            asked: Any = json.loads(self.rfile.read(int(length)))
        except ValueError:
            asked = None
        passcode = asked.get("passcode") if isinstance(asked, dict) else None
        if len(words) != 3 or words[0] != "link" or words[2] != "session" or not isinstance(passcode, str):
            return json_reply(400, {"error": "request"})
        return json_reply(*self.cloud.shares.open_session(words[1], passcode))

    def _is_for_us(self) -> bool:
        """Refuse what a page of another name sends to this machine's loopback address."""
        return self.headers.get("Host", "").rpartition(":")[0] in {"127.0.0.1", "localhost"}


class _CloudServer(LoopbackServer):
    def __init__(self, cloud: DemoCloud, handler: type[CloudHandler], certificate: Path | None) -> None:
        self.cloud = cloud
        super().__init__(handler, certificate)


class DemoCloud:
    """A DICOMweb platform on a free loopback port.

    Parameters
    ----------
    folder : Path
        Holds the DICOM files that are served.
    certificate : Path or None
        PEM file of certificate and key; without it there is no TLS.
    render : callable or None
        Gives a JPEG or PNG of a DICOM file.
    handler : type, optional
        Another way to send the answers.
    """

    def __init__(
        self,
        folder: Path,
        certificate: Path | None = None,
        render: Callable[[Path], bytes] | None = None,
        handler: type[CloudHandler] = CloudHandler,
    ) -> None:
        self.shares = Shares()
        self.answers = Answers(Catalogue(scan(folder)), render)
        scheme = "https" if certificate is not None else "http"
        self._server = _CloudServer(self, handler, certificate)
        self.url = f"{scheme}://127.0.0.1:{self._server.port}"
        self.root = f"{self.url}/dicom-web"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    def share(self, study_uid: str, *, passcode: str = "", valid_s: float = 3600.0, form: str = "viewer") -> str:
        """Share one study; gives the link.

        Parameters
        ----------
        form : str
            ``viewer``: landing page with the token in its query; ``link``: DICOMweb with the token in the path;
            ``query``: DICOMweb with the token in the query.
        """
        token = self.shares.add(study_uid, passcode=passcode, valid_s=valid_s)
        if form == "link":
            return f"{self.url}/link/{token}/dicom-web/studies/{study_uid}"
        if form == "query":
            return f"{self.root}/studies/{study_uid}?token={token}"
        return f"{self.url}/viewer?StudyInstanceUIDs={study_uid}&token={token}"

    def close(self) -> None:
        """Stop serving."""
        self._server.close()
