"""The files that the tidy checks read: the real ones, or a few lines of an example."""

import pathlib

root = pathlib.Path(__file__).resolve().parents[2]
left_out = {".git", ".cache", "build", "run", "__pycache__"}
code_suffixes = (".h", ".cpp", ".c")


class Tree:
    """Path from the root -> text. A file that is no text is not in it."""

    def __init__(self, files, folder=None):
        self.files = files
        self.folder = folder  # where the files are, for programs that read them; None: nowhere

    @staticmethod
    def real():
        files = {}
        for path in sorted(root.rglob("*")):
            inside = path.relative_to(root)
            if left_out.isdisjoint(inside.parts) and path.is_file() and not path.is_symlink():
                try:
                    files[inside.as_posix()] = path.read_text()
                except UnicodeDecodeError:
                    continue
        return Tree(files, root)

    def code(self, *tops):
        """(path, text) of C and C++ files, below the given folders if any are given."""
        for path, text in self.files.items():
            if path.endswith(code_suffixes) and (not tops or path.startswith(tops)):
                yield path, text

    def programs(self):
        """(path, text) of everything that is code: C++, Python, shell, CMake."""
        for path, text in self.files.items():
            script = text.startswith("#!") or path.endswith((".py", ".sh", ".cmake"))
            if path.endswith(code_suffixes) or script or path.endswith("CMakeLists.txt"):
                yield path, text

    def tests(self):
        for path, text in self.programs():
            if is_test(path):
                yield path, text


def is_test(path):
    return (
        path.endswith("_test.cpp")
        or "/testing/" in path
        or path.startswith(("tests/", "bench/", "fuzz/"))
    )


def lines(text):
    return enumerate(text.splitlines(), 1)
