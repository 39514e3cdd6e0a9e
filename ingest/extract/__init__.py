"""Which blocks of a page are the article.

layout     HTML pages of sites with rules: the container and fields a layout names
generic    HTML pages of other sites
outline    text pages: title, deck, date and byline lines at the head
"""
