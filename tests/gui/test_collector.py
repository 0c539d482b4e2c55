import gc

from PySide6.QtCore import QObject

from app.gui.collector import GarbageCollector


def test_python_collects_only_when_the_gui_thread_asks_for_it(qtbot):
    owner = QObject()
    collector = GarbageCollector(owner)
    assert not gc.isenabled()
    rubbish = [[] for _ in range(2 * gc.get_threshold()[0])]
    for item in rubbish:
        item.append(item)
    del rubbish, item
    collections = gc.get_stats()[0]["collections"] + gc.get_stats()[1]["collections"] + gc.get_stats()[2]["collections"]
    collector.collect()
    after = sum(generation["collections"] for generation in gc.get_stats())
    assert after > collections
    collector.stop()
    assert gc.isenabled()
