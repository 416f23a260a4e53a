"""Tables that a program writes into a page, between two marks."""


class NoPlace(Exception):
    """The page has no such marks."""


def write_into(file, begin_mark, end_mark, text):
    page = file.read_text(encoding="utf-8")
    before, _, rest = page.partition(begin_mark)
    _, mark, after = rest.partition(end_mark)
    if not mark:
        raise NoPlace(f"{file} has no place for the tables: {begin_mark}")
    file.write_text(f"{before}{begin_mark}\n\n{text}\n{end_mark}{after}", encoding="utf-8")
