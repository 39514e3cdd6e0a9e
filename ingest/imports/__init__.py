"""Other projects' rules made ours: site-config files become rule files, cosmetic filter lists become packs.

xpath_syntax    an XPath 1.0 expression as a tree
xpath           that tree as CSS selectors
site_config     directives, each with its file and line
site_file       the directives of one site as a rule file
cosmetic_list   the lines of filter lists
"""
