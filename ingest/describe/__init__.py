"""The description of a page, one field a file: `find_<field>` gives a `Found` value or `None`.

A layout's value (from a site's rules) always comes first; what follows it is the order fixed in each file.
"""
