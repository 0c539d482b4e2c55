from app.domain.finding import Finding, Severity, counted, listed, merge_findings, quoted


def test_findings_are_merged_without_repeats_and_in_order():
    first = Finding("mask.missing", Severity.WARNING, "No mask.", "0")
    second = Finding("mask.missing", Severity.WARNING, "No mask.", "1")
    assert merge_findings([first, second], [second, first]) == (first, second)


def test_lists_read_as_sentences():
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed("abc") == "a, b and c"
    assert listed("abcdefg", limit=3) == "a, b, c and 4 more"


def test_numbers_carry_their_noun():
    assert [counted(1, "point"), counted(1200, "point"), counted(0, "box", "boxes")] == [
        "1 point",
        "1,200 points",
        "0 boxes",
    ]


def test_foreign_names_are_shortened_and_cannot_steer_a_terminal():
    assert quoted("Car") == "“Car”"
    assert quoted("\x1b[31m\u202eCar\n") == "“ [31m Car ”"
    assert len(quoted("x" * 10_000)) == 62
