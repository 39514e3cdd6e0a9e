"""Other projects' rules made ours: site-config files become rule files, cosmetic filter lists become packs.

selectors        CSS selectors put together
xpath_syntax     an XPath 1.0 expression as a tree
xpath_positions  places among siblings
xpath_values     what is asked of attributes and texts
xpath_steps      steps and the conditions on them
xpath            an expression as CSS selectors
site_config      directives, each with its file and line
site_file        the directives of one site as a rule file
cosmetic_list    the lines of filter lists
kinds            what a rule takes out, by the words of its selector
overlay          the files read and written
"""
