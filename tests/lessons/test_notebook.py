"""The committed notebook is in step with its source, and says nothing that was not measured."""

import html
import re

NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*\w)", re.I)
NO_MEASUREMENT = re.compile(
    r"```.*?```|`[^`]*`|\[[^]]*\]\([^)]*\)|^#.*?$|exercise \d+\.\d+", re.I | re.M | re.S
)


def _outputs(notebook):
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def _plain(output):
    """An output as text: what was printed, or the plain form of what was shown."""
    return "".join(output.get("text") or output["data"].get("text/plain", ""))


def test_it_holds_the_cells_of_its_source(lesson, built):
    def core(cell):
        return cell["id"], cell["cell_type"], "".join(cell["source"]), cell["metadata"]

    assert [core(cell) for cell in built["cells"]] == [core(cell) for cell in lesson.cells], (
        "the notebook is out of step with its source: run python lessons/build.py"
    )


def test_it_ran_from_top_to_bottom_without_an_error(built):
    counts = [c["execution_count"] for c in built["cells"] if c["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert all(output["output_type"] != "error" for output in _outputs(built))
    assert all(output.get("name") != "stderr" for output in _outputs(built))


def test_it_records_where_it_was_built_and_nothing_more(built, lesson):
    assert set(built["metadata"]) == {"kernelspec", "language_info", "tinyffn"}
    assert built["metadata"]["language_info"] == {"name": "python"}
    assert re.fullmatch(r"3\.\d+", built["metadata"]["tinyffn"]["python"])
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", built["metadata"]["tinyffn"]["numpy"])


def test_the_source_it_shows_is_the_library_s_of_today(built, source):
    library = [p.read_text(encoding="utf-8") for p in source.parents[2].glob("tinyffn/**/*.py")]
    for cell in built["cells"]:
        if "inspect.getsource(" in "".join(cell["source"]) and cell["outputs"]:
            shown = _plain(cell["outputs"][0]).strip()
            assert any(shown in text for text in library), "run python lessons/build.py"


def test_it_makes_slides(built):
    kinds = [cell["metadata"]["slideshow"]["slide_type"] for cell in built["cells"]]
    assert kinds[0] == "slide"
    assert kinds.count("slide") > 10
    assert "fragment" in kinds


def test_every_image_says_what_is_to_be_seen(built):
    images = 0
    for output in _outputs(built):
        data = output.get("data", {})
        assert not {"image/png", "image/svg+xml", "image/jpeg"} & set(data), "use plot.show"
        for tag in re.findall(r"<img[^>]*>", "".join(data.get("text/html", ""))):
            alt = re.search(r"alt=([\"'])(.+?)\1", tag)
            assert alt, tag[:80]
            assert len(html.unescape(alt[2])) > 40
            images += 1
    assert images >= 2


def test_no_path_time_or_live_widget_is_left_in_it(built):
    for output in _outputs(built):
        text = _plain(output)
        assert not re.search(r"(^|\s)/\w+/\w+|[A-Z]:\\", text), text
        assert not re.search(r"0x[0-9a-f]{6,}", text), text
        assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


def test_numbers_in_prose_were_printed(built):
    """A decimal fraction or a power of ten in the prose, or in the words for a figure, must stand
    in a printed output too, to as many digits. Whole numbers are left out (most are sizes, which
    the code says), and so are code, links, headings and the numbers of exercises.
    """
    outputs = list(_outputs(built))
    printed = [_plain(o) for o in outputs if o["output_type"] == "stream"]
    measured = [float(number) for text in printed for number in NUMBER.findall(text)]
    said = [_plain(o) for o in outputs if _plain(o).startswith("[figure]")]
    said += ["".join(c["source"]) for c in built["cells"] if c["cell_type"] == "markdown"]
    for text in said:
        for number in NUMBER.findall(NO_MEASUREMENT.sub("", text)):
            if re.search(r"[.e]", number):
                digits = len(re.sub(r"e.*|[-+.]", "", number).lstrip("0")) - 1
                same = [m for m in measured if f"{m:.{digits}e}" == f"{float(number):.{digits}e}"]
                assert same, f"{number} stands in no output, but in the prose: {text[:80]!r}"


PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?%")


def test_percentages_in_prose_were_printed(built):
    """As above, and whole ones too. What stands in "quotation marks" is somebody else's claim."""
    outputs = list(_outputs(built))
    printed = [_plain(o) for o in outputs if o["output_type"] == "stream"]
    measured = {float(number) for text in printed for number in PERCENT.findall(text)}
    said = [_plain(o) for o in outputs if _plain(o).startswith("[figure]")]
    said += ["".join(c["source"]) for c in built["cells"] if c["cell_type"] == "markdown"]
    for text in said:
        own = re.sub(r"\"[^\"]*\"", "", NO_MEASUREMENT.sub("", text))
        for number in PERCENT.findall(own):
            assert float(number) in measured, f"{number} % stands in no output: {text[:80]!r}"
