"""Keys go to the service they belong to and nowhere else."""

import logging

import pytest

from app.sandbox.faults import Fault, FaultKind
from app.sandbox.server import Sandbox

pytestmark = pytest.mark.gl

TELUS_CANARY = "CANARY-telus-7f3a9b1c5d"
EDGE_IMPULSE_CANARY = "ei_CANARY7f3a9b1c5d00000000000000000000"


def texts_of(widget) -> str:
    from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

    shown = [label.text() for label in widget.findChildren(QLabel)]
    typed = [line.text() for line in widget.findChildren(QLineEdit)]
    tips = [child.toolTip() for child in widget.findChildren(QWidget)]
    return "\n".join((*shown, *typed, *tips, widget.windowTitle()))


def test_a_key_reaches_no_file_log_message_or_other_origin(desk, delivery, tmp_path, home, caplog):
    caplog.set_level(logging.DEBUG)
    with Sandbox([delivery], telus_key=TELUS_CANARY, edge_impulse_key=EDGE_IMPULSE_CANARY) as sandbox:
        sandbox.faults.add(Fault(FaultKind.ERROR, origin="store", path_contains="000001"))
        sandbox.faults.add(Fault(FaultKind.EXPIRED, origin="store"))
        window = desk.window(sandbox)
        desk.open(window, delivery)
        desk.link(window)
        shown = texts_of(window)
        window.close()
        assert sandbox.leaks == ()
        store = [request for request in sandbox.requests if request.origin == "store"]
        assert store, "files came through the second origin"
        for request in store:
            assert "x-api-key" not in {name.lower() for name in request.headers}
            assert "CANARY" not in repr(request)
    places = [path for root in (tmp_path, home) for path in root.rglob("*") if path.is_file()]
    assert any(path.name == "catalogue.sqlite" for path in places)
    for path in places:
        assert b"CANARY" not in path.read_bytes(), path
        if not path.is_relative_to(delivery):
            assert b"Signature" not in path.read_bytes(), path
    assert "CANARY" not in caplog.text
    assert "CANARY" not in shown
