"""How MediaWiki answers: by ``api.php`` alone, in bulk for what is known of pages, page by page for their text.

One answer says what the wiki is; the history of each content namespace tells who began a page, 500
revisions at a time; pages are then described 50 at a time, and the text of each is had as the wiki itself
renders it, with its templates. A text is asked for by the number of its revision and the time of its last
rendering: an address that was read never says anything else.
"""
