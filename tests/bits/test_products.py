"""Tiles make up the whole, and no count of bits in one is too large for its type."""

from tinyffn.bits.products import pieces, word_pieces


def test_pieces_make_up_the_whole():
    assert pieces(5, 2) == [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert pieces(2, 0) == [slice(0, 1), slice(1, 2)] and pieces(0, 3) == []


def test_a_tile_has_no_more_words_than_uint16_can_count():
    assert [some.stop - some.start for some in word_pieces(2000, 1)] == [512, 512, 512, 464]
    assert 512 * 64 < 2**16
    assert len(word_pieces(3, 2**17)) == 3
