"""Pictures of digits and letters, drawn from the fonts that matplotlib ships.

Some twenty faces in four families, 6 MB in all, are read where they lie and drawn at run time;
nothing is copied or downloaded. Their licences lie with matplotlib's own: DejaVu (Bitstream Vera,
changes in the public domain), STIX (STIX Font License), Computer Modern (BaKoMa Fonts Licence).

**What an honest test is.** New pictures of faces that were trained on are other shifts and other
noise around drawings that the network has seen; to know a 7 is to know it in a face never seen. A
bold face is no stranger to the upright one beside it, so a test on new faces holds out whole
families: train with `faces` from some of `font_families()`, test with those of the others. Say
which of the two tests a number comes from.
"""

import math
from pathlib import Path

import numpy as np

from tinyffn.arguments import must_be_above, must_be_at_least, must_be_generator, must_be_positive

DIGITS = "0123456789"
SIDE = 16  # pixels of a picture in each direction
FAMILIES = {
    "DejaVu Sans": ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique",
                    "DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique",
                    "DejaVuSansMono-BoldOblique"),
    "DejaVu Serif": ("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic",
                     "DejaVuSerif-BoldItalic"),
    "STIX": ("STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic", "STIXGeneralBolIta"),
    "Computer Modern": ("cmr10", "cmb10", "cmss10", "cmtt10"),
}  # fmt: skip

# Each glyph is drawn once, as a master at twice the size, which is then moved, turned and scaled.
_FINER = 2  # points of a master for each pixel of a picture
_MASTER = 40  # points of a master in each direction, 4 at each edge beyond the picture
_EM = 30.0  # the size of the type, in points of a master: a digit is about 22 high
_CHUNK = 1000  # pictures worked on at a time, so that they stay in the cache


def font_families(characters=DIGITS):
    """The text faces at hand that hold all these characters: {family: (face, ...)}.

    Faces of one family are variants of one design. Symbol and mathematics faces are left out.

    Errors     ValueError if characters are none, or one stands there twice; RuntimeError if no
               face is found
    """
    _must_be_characters("font_families", characters)
    at_hand = {
        family: tuple(face for face in faces if _holds(face, characters))
        for family, faces in FAMILIES.items()
    }
    if not any(at_hand.values()):
        raise RuntimeError(
            f"font_families: no text font with {characters!r} in {_folder()}: some systems take "
            "fonts out of matplotlib; install matplotlib with pip"
        )
    return {family: faces for family, faces in at_hand.items() if faces}


def draw_glyphs(
    n,
    *,
    rng,
    characters=DIGITS,
    faces=None,
    size=(0.75, 1.2),
    shift=1.5,
    rotation=15.0,
    shear=0.25,
    noise=0.1,
):
    """Draw n pictures of random characters in random faces, each distorted in its own way.

    Arguments  characters: one or more; faces: names from `font_families`, by default all of them
               size: factors (low, high), drawn uniformly; shift: pixels, up to this far in both
               directions; rotation: degrees, up to this far either way; shear: how far the top may
               lean, as a share of the height; noise: its standard deviation, before it is
               cut off at 0 and 1, which halves it on white paper
    Returns    pictures (n, 16, 16) float32, 0 is paper and 1 is ink; labels (n) int64, the place of
               each character in `characters`
    Errors     ValueError if a setting is out of range, or a face is unknown or lacks a character;
               TypeError if rng is no generator; RuntimeError as `font_families`
    """
    must_be_positive("draw_glyphs", n=n)
    must_be_generator("draw_glyphs", rng)
    must_be_at_least("draw_glyphs", 0, shift=shift, rotation=rotation, shear=shear, noise=noise)
    if np.shape(size) != (2,):
        raise ValueError(f"draw_glyphs: size is {size!r}, but must be two factors: (low, high)")
    low, high = size
    must_be_above("draw_glyphs", 0, **{"size[0]": low})
    must_be_at_least("draw_glyphs", low, **{"size[1]": high})
    _must_be_characters("draw_glyphs", characters)
    masters = _masters(characters, _chosen(characters, faces))
    labels = rng.integers(len(characters), size=n)
    face = rng.integers(len(masters), size=n)
    back = _way_back(n, rng, (low, high), math.radians(rotation), shear)
    middle = rng.uniform(-shift, shift, size=(n, 2))
    x = np.empty((n, SIDE, SIDE), dtype=np.float32)
    for start in range(0, n, _CHUNK):
        part = slice(start, start + _CHUNK)
        x[part] = _sample(masters[face[part], labels[part]], back[part], middle[part])
        x[part] += noise * rng.standard_normal(x[part].shape, dtype=np.float32)
    return np.clip(x, 0.0, 1.0, out=x), labels


def _must_be_characters(owner, characters):
    if not characters or len(set(characters)) < len(characters):
        raise ValueError(
            f"{owner}: characters is {characters!r}, but must be one character or more, each once"
        )


def _folder():
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _holds(face, characters):
    is_there = (_folder() / f"{face}.ttf").is_file()
    return is_there and {ord(c) for c in characters} <= _font(face).get_charmap().keys()


def _font(face):
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(_folder() / f"{face}.ttf"))  # older ones take no Path


def _chosen(characters, faces):
    at_hand = [face for group in font_families(characters).values() for face in group]
    if faces is None:
        return at_hand
    if isinstance(faces, str) or not list(faces):
        raise ValueError(f"draw_glyphs: faces is {faces!r}, but must be a list of one name or more")
    for face in faces:
        if face not in at_hand:
            raise ValueError(
                f"draw_glyphs: there is no face {face!r} with {characters!r}: "
                "data.font_families() lists them"
            )
    return list(faces)


def _masters(characters, faces):
    """Each character of each face, in the middle of a square: (n_faces, n_characters, 40, 40)."""
    from matplotlib.ft2font import LoadFlags

    masters = np.zeros((len(faces), len(characters), _MASTER, _MASTER), dtype=np.float32)
    for i, face in enumerate(faces):
        font = _font(face)
        font.set_size(_EM, 72)  # at 72 dots an inch, sizes are in dots
        for j, character in enumerate(characters):
            font.set_text(character, flags=LoadFlags.NO_HINTING)
            font.draw_glyphs_to_bitmap(antialiased=True)
            _paste(np.asarray(font.get_image()) / 255.0, masters[i, j])
    # A picture takes every second point: blur by that much first, or thin lines fall between.
    for axis in (-1, -2):
        masters = (np.roll(masters, 1, axis) + 2 * masters + np.roll(masters, -1, axis)) / 4
    return masters


def _paste(glyph, square):
    """The glyph into the middle of the square; two points at each edge stay empty."""
    places = []
    for have, room in zip(glyph.shape, square.shape, strict=True):
        cut = max(0, have - room + 5) // 2  # on both sides, off a glyph that is too large
        start = (room - have) // 2 + cut
        places.append((slice(cut, have - cut), slice(start, start + have - 2 * cut)))
    (rows, to_rows), (columns, to_columns) = places
    square[to_rows, to_columns] = glyph[rows, columns]


def _way_back(n, rng, size, rotation, shear):
    """For each picture the matrix (2, 2) from its points (row, column) to those of the master."""
    scale = rng.uniform(*size, size=n)
    angle = rng.uniform(-rotation, rotation, size=n)
    lean = rng.uniform(-shear, shear, size=n)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    skew = np.array([[np.ones(n), np.zeros(n)], [lean, np.ones(n)]])
    zoom = _FINER / scale
    return np.einsum("ijn,jkn,n->nik", turn, skew, zoom).astype(np.float32)


def _sample(drawn, back, middle):
    """Pictures (n, 16, 16) of masters (n, 40, 40): each point is the mean of the four around it."""
    n = len(drawn)
    along = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    points = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1).reshape(1, -1, 2)
    points = (points - middle[:, np.newaxis].astype(np.float32)) @ back.transpose(0, 2, 1)
    points = np.clip(points + (_MASTER - 1) / 2, 0, _MASTER - 1.001)
    corner = points.astype(np.int32)
    down, right = np.moveaxis(points - corner, -1, 0)
    first = corner[..., 0] * _MASTER + corner[..., 1] + _MASTER**2 * np.arange(n)[:, np.newaxis]
    flat = drawn.reshape(-1)
    above = flat[first] * (1 - right) + flat[first + 1] * right
    below = flat[first + _MASTER] * (1 - right) + flat[first + _MASTER + 1] * right
    return (above * (1 - down) + below * down).reshape(n, SIDE, SIDE)
