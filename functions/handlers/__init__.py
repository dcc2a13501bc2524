"""One file for each deployed Lambda; the file's name is the function's."""
