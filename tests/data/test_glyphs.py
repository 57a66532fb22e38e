"""Glyphs: real digits, the same for one seed, distorted as told, and faces held out whole."""

import re
import socket
import string
import subprocess
import sys
import tracemalloc

import matplotlib
import numpy as np
import pytest
from matplotlib import ft2font

from tinyffn import data
from tinyffn.data.glyphs import FAMILIES

STILL = {"size": (1, 1), "shift": 0, "rotation": 0, "shear": 0, "noise": 0}
FACE = ["DejaVuSans-Bold"]


def draw(n, seed=0, **settings):
    return data.draw_glyphs(n, rng=np.random.default_rng(seed), **settings)


def the_only(character, **settings):
    x, _ = draw(1, characters=character, faces=FACE, **{**STILL, **settings})
    return x[0]


def test_text_and_batches_do_not_pay_for_matplotlib():
    code = "import sys, tinyffn.data; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_font_is_opened_by_a_path_that_matplotlib_3_10_takes(monkeypatch):
    """It takes a str alone."""
    asked = []
    font = ft2font.FT2Font

    def spy(path):
        asked.append(path)
        return font(path)

    monkeypatch.setattr(ft2font, "FT2Font", spy)
    draw(1)
    assert asked and all(type(path) is str for path in asked)


def test_every_face_is_in_each_matplotlib_that_is_allowed():
    """3.10 has these faces; one more would change all pictures of a seed with the version."""
    assert [len(faces) for faces in FAMILIES.values()] == [8, 4, 4, 4]
    assert "cmti10" not in FAMILIES["Computer Modern"]  # new in 3.11


def test_more_pictures_take_no_more_memory_than_they_hold():
    def peak(n):
        tracemalloc.start()
        draw(n)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    bytes_each = 16 * 16 * 4
    assert peak(6000) - peak(3000) < 1.5 * 3000 * bytes_each  # a master would be six times that


def test_shapes_types_and_range():
    x, labels = draw(2345)
    assert x.shape == (2345, 16, 16) and x.dtype == np.float32
    assert labels.shape == (2345,) and labels.dtype == np.int64
    assert x.min() == 0 and 0.9 < x.max() <= 1
    assert np.bincount(labels).min() > 180 and len(np.bincount(labels)) == 10


def test_one_seed_gives_the_same_pictures_and_another_gives_others():
    x, labels = draw(30)
    again, labels_again = draw(30)
    assert np.array_equal(x, again) and np.array_equal(labels, labels_again)
    assert not np.array_equal(x, draw(30, seed=1)[0])


def test_no_network(monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("this opened a connection")

    monkeypatch.setattr(socket, "socket", fail)
    assert len(draw(2)[0]) == 2


def test_a_one_is_an_upright_stroke_and_a_zero_is_a_ring():
    one, zero = the_only("l"), the_only("0")
    assert one[:, 5:11].sum() > 0.99 * one.sum()
    assert zero[7:9, 7:9].max() < 0.2 < 0.8 < zero[7, 3:7].max()
    assert zero[:, :8].sum() == pytest.approx(zero[:, 8:].sum(), rel=0.2)


def test_labels_are_places_in_the_characters_asked_for():
    pictures = {c: the_only(c) for c in "73A"}
    x, labels = draw(20, characters="73A", faces=FACE, **STILL)
    assert set(labels) == {0, 1, 2}
    for picture, label in zip(x, labels, strict=True):
        assert np.array_equal(picture, pictures["73A"[label]])


def middle(x):
    """Where the ink of a picture lies on average: row and column."""
    rows, columns = np.indices(x.shape)
    return np.array([(x * rows).sum(), (x * columns).sum()]) / x.sum()


def test_ink_lies_in_the_middle_and_moves_at_most_by_the_shift():
    assert middle(the_only("8")) == pytest.approx([7.5, 7.5], abs=0.3)
    x, _ = draw(200, characters="8", faces=FACE, **{**STILL, "shift": 2})
    moved = np.array([middle(picture) for picture in x]) - middle(the_only("8"))
    assert np.abs(moved).max() <= 2.02
    assert moved.min() < -1.8 and moved.max() > 1.8


def test_ink_grows_with_the_square_of_the_size():
    sizes = (0.7, 0.9, 1.2)
    ink = [the_only("5", size=(size, size)).sum() / size**2 for size in sizes]
    assert ink == pytest.approx([ink[0]] * 3, rel=0.02)


def test_rotation_turns_a_stroke_by_at_most_its_angle_and_shear_leans_it():
    """The slope of the line through the middles of the rows of an l."""

    def slopes(**settings):
        x, _ = draw(200, characters="l", faces=FACE, **{**STILL, **settings})
        rows, columns = np.indices((16, 16))
        dr = rows - np.array([middle(p)[0] for p in x])[:, None, None]
        return (x * dr * columns).sum(axis=(1, 2)) / (x * dr * dr).sum(axis=(1, 2))

    assert np.abs(slopes()).max() < 0.02
    for leaning in (slopes(rotation=20), slopes(shear=np.tan(np.radians(20)))):
        assert np.abs(leaning).max() == pytest.approx(np.tan(np.radians(20)), abs=0.06)
        assert leaning.min() < -0.3 and leaning.max() > 0.3


def test_shear_moves_rows_along_themselves():
    x, _ = draw(50, characters="8", faces=FACE, **{**STILL, "shear": 0.3})
    rows = the_only("8").sum(axis=1)
    np.testing.assert_allclose(x.sum(axis=2), np.tile(rows, (50, 1)), atol=0.3)


def test_noise_has_its_standard_deviation_where_nothing_is_cut_off():
    with_noise, _ = draw(400, characters="8", faces=FACE, **{**STILL, "noise": 0.1})
    plain = the_only("8")
    grey = (plain > 0.4) & (plain < 0.6)
    assert grey.any()
    assert (with_noise - plain)[:, grey].std() == pytest.approx(0.1, rel=0.05)


def test_each_face_draws_its_own_digits_and_no_two_digits_are_alike():
    pictures = [
        draw(1, characters=c, faces=[face], **STILL)[0][0]
        for group in data.font_families().values()
        for face in group
        for c in string.digits
    ]
    flat = np.reshape(pictures, (len(pictures), -1))
    distance = ((flat[:, None] - flat[None]) ** 2).sum(axis=-1)
    assert distance[~np.eye(len(flat), dtype=bool)].min() > 0.1
    assert flat.sum(axis=1).min() > 10


def test_families_share_no_face_and_hold_letters_too():
    at_hand = data.font_families(string.ascii_letters + string.digits)
    faces = [face for group in at_hand.values() for face in group]
    assert len(faces) == len(set(faces)) and set(at_hand) <= set(FAMILIES)
    assert set(at_hand) == set(data.font_families())


def test_families_without_the_character_are_left_out(monkeypatch, tmp_path):
    assert "Computer Modern" not in data.font_families("\N{GREEK SMALL LETTER ALPHA}")
    monkeypatch.setattr(matplotlib, "get_data_path", lambda: str(tmp_path))
    with pytest.raises(RuntimeError, match=re.escape("no text font with '0123456789' in")):
        data.font_families()
    with pytest.raises(ValueError, match=re.escape("font_families: characters is '33', but must")):
        data.font_families("33")
    with pytest.raises(RuntimeError, match="install matplotlib with pip"):
        draw(1)


def test_a_few_faces_are_enough(monkeypatch):
    """Some systems have only some of the fonts."""
    monkeypatch.setitem(FAMILIES, "STIX", ("NoSuchFace",))
    assert "STIX" not in data.font_families()
    assert len(draw(5)[0]) == 5


@pytest.mark.parametrize(
    "settings, error, message",
    [
        ({"n": 0}, ValueError, "draw_glyphs: n is 0, but must be a whole number above 0"),
        ({"rng": 3}, TypeError, "draw_glyphs: rng is 3, but must be a generator"),
        ({"shift": -1}, ValueError, "draw_glyphs: shift is -1, but must be a number, 0 or above"),
        ({"rotation": -1}, ValueError, "draw_glyphs: rotation is -1, but"),
        ({"shear": -1}, ValueError, "draw_glyphs: shear is -1, but"),
        ({"noise": -1}, ValueError, "draw_glyphs: noise is -1, but"),
        ({"size": (0, 1)}, ValueError, "draw_glyphs: size[0] is 0, but must be a number above 0"),
        ({"size": (1, 0.5)}, ValueError, "draw_glyphs: size[1] is 0.5, but must be"),
        ({"size": 1.0}, ValueError, "draw_glyphs: size is 1.0, but must be two factors: (low, h"),
        ({"characters": ""}, ValueError, "draw_glyphs: characters is '', but must be one"),
        ({"characters": "33"}, ValueError, "draw_glyphs: characters is '33', but must be one"),
        ({"faces": ["Sans"]}, ValueError, "draw_glyphs: there is no face 'Sans' with '0"),
        ({"faces": "cmr10"}, ValueError, "draw_glyphs: faces is 'cmr10', but must be a list"),
        ({"faces": []}, ValueError, "draw_glyphs: faces is [], but must be a list"),
    ],
)
def test_errors(settings, error, message):
    with pytest.raises(error, match=re.escape(message)):
        data.draw_glyphs(**{"n": 3, "rng": np.random.default_rng(0), **settings})
