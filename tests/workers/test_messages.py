"""What crosses the process wall: fixed structs and plain lines."""

from __future__ import annotations

import logging
from multiprocessing import Pipe

import pytest

from workstation.workers.limits import Limits
from workstation.workers.messages import LOG, LOG_TEXT_BYTES, DecodeJob, JobKind, Reason, Reply, Request, Status
from workstation.workers.process import _ToParent
from workstation.workers.worker import _forward


def test_requests_that_go_together_survive_the_pipe():
    first = Request(JobKind.FRAME, 7, 64, 1234, 1 << 33, 10.5, b"parameters", 1 << 40)
    second = Request(JobKind.PICTURE, 8, 1 << 34, 5, 6, 0.5)
    assert Request.all_of(first.packed() + second.packed()) == [first, second]


def test_what_lies_in_the_shared_memory_begins_where_every_decoder_can_take_it():
    assert [Request(JobKind.FRAME, 1, 64, given, 9, 1.0).output_start for given in (0, 1, 64, 65)] == [
        64,
        128,
        128,
        192,
    ]


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
