"""Turn stored results into pages, tables and JSON for people, each made for one reader.

``data`` (what is known) -> ``reader`` (what one person may see of it) -> ``owners``, ``overview``
(what is said, as plain data) -> ``html``, ``tables``, ``files``.
"""
