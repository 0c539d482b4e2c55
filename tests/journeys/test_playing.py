"""Playing in a real window: what was shown was drawn, and the keys do what the sheet of keys says."""

from collections import Counter

from PySide6.QtCore import Qt

from app.gui.preferences import Preferences
from app.jobs import LocalJob


def test_at_the_highest_speed_every_frame_is_drawn_and_decoded_once(desk, delivery, sandbox, monkeypatch):
    decoded, load = Counter(), LocalJob.load_frame
    window = desk.window(sandbox)
    desk.open(window, delivery)
    desk.until(lambda: window.viewer.frames.cached == {0, 1, 2, 3} and not window.runner.running)
    monkeypatch.setattr(LocalJob, "load_frame", lambda job, index: decoded.update([index]) or load(job, index))
    drawn = []
    window.scene_view.frame_drawn.connect(drawn.append)
    playback = window.viewer.playback
    playback.set_speed(8)
    playback.set_loop(True)
    playback.set_playing(True)
    desk.until(lambda: len(drawn) >= 12)
    playback.set_playing(False)
    assert drawn[:12] == [1, 2, 3, 0] * 3
    assert not decoded
    window.close()


def test_keys_change_the_speed_loop_and_take_the_typed_frame(desk, delivery, sandbox):
    window = desk.window(sandbox)
    desk.open(window, delivery)
    window.activateWindow()
    desk.until(window.isActiveWindow)
    window.scene_view.setFocus()
    playback, press = window.viewer.playback, desk.qtbot.keyClick
    press(window.scene_view, Qt.Key.Key_Greater)
    assert playback.speed == 2
    press(window.scene_view, Qt.Key.Key_Less)
    assert playback.speed == 1
    press(window.scene_view, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert playback.loop
    press(window.scene_view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert window.timeline.jump.hasFocus()
    desk.qtbot.keyClicks(window.timeline.jump, "3")
    press(window.timeline.jump, Qt.Key.Key_Return)
    desk.wait_for_frame(window, 2)
    window.close()


def test_the_limit_of_memory_comes_from_the_settings_and_a_choice_is_kept(desk, sandbox, monkeypatch):
    kept = []
    monkeypatch.setattr(Preferences, "remember_frame_memory", lambda _self, megabytes: kept.append(megabytes))
    window = desk.window(sandbox)
    desk.until(lambda: not window.runner.running)
    assert 256 * 10**6 <= window.viewer.frames.limit_bytes <= 2048 * 10**6
    chosen = next(action for action in window.timeline.memory.menu().actions() if action.data() == 512)
    chosen.trigger()
    desk.until(lambda: window.viewer.frames.limit_bytes == 512 * 10**6)
    assert chosen.isChecked()
    assert kept == [512]
    window.close()
