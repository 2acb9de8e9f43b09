"""What crosses the process wall: fixed structs and plain lines."""

from __future__ import annotations

import logging
from multiprocessing import Pipe

import pytest

from workstation.workers.limits import Limits
from workstation.workers.messages import LOG, LOG_TEXT_BYTES, DecodeJob, JobKind, Reason, Reply, Request, Status
from workstation.workers.process import _ToParent
from workstation.workers.worker import _forward


def test_a_request_survives_the_pipe():
    request = Request(JobKind.FRAME, 7, 1 << 20, 1234, 1 << 33, 10.5, b"parameters")
    assert Request.unpacked(request.packed()) == request


def test_a_frame_job_survives_the_pipe():
    job = DecodeJob(b"", "1.2.840.10008.1.2.4.90", 65535, 40000, 3, 16, 12, 11, 1, "YBR_FULL_422")
    assert DecodeJob.from_parameters(job.parameters(), memoryview(b"")) == job


def test_a_reply_survives_the_pipe_and_anything_else_is_no_reply():
    reply = Reply(9, Status.WRONG_SIZE, Reason.PRECISION, 4_000_000_000, 5, 6, 7, 1 << 40)
    assert Reply.unpacked(reply.packed()) == reply
    for wrong in (b"", b"R", reply.packed() + b"x", b"R" + b"\xff" * (len(reply.packed()) - 1)):
        with pytest.raises(ValueError):
            Reply.unpacked(wrong)


@pytest.mark.announces_warnings
def test_a_workers_record_arrives_as_one_plain_line(caplog: pytest.LogCaptureFixture):
    here, there = Pipe()
    handler = _ToParent(there)
    handler.emit(logging.LogRecord("codec", logging.WARNING, "", 0, "odd\x1b[31m\nframe %d", (3,), None))
    message = here.recv_bytes()
    assert message[:1] == LOG
    with caplog.at_level(logging.DEBUG):
        _forward(message)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "worker: codec: odd[31mframe 3")
    ]
    handler.emit(logging.LogRecord("codec", logging.ERROR, "", 0, "x" * 5000, (), None))
    assert len(here.recv_bytes()) == LOG_TEXT_BYTES + 2
    here.close()
    there.close()


def test_a_deadline_grows_with_the_picture():
    assert Limits().deadline(0) == 10
    assert Limits().deadline(12_000_000) == pytest.approx(11.2)
