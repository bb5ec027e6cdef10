"""Real platforms for tests, from Debian's packages, on loopback.

``mariadb`` starts a server on a private socket with a data folder of its own; ``php`` serves a folder
with PHP's built-in server; ``wordpress`` and ``mediawiki`` install a site in French each and fill it by
the platform's own functions (``wp_insert_post``, edits by users), never by writing its tables. What is
put in comes from ``texts`` and stays at hand in Python (``Wordpress.posts``, ``Mediawiki.pages``), so
that a test compares what a crawl read with what was meant, and not with what another reader saw.

Everything lies in one folder under ``/tmp`` (a socket's path is short) and goes with it. The code of a
platform is used where Debian put it; only its configuration is ours. No request leaves the machine:
cron, update checks and mail are off. Each request is logged by the server itself (``requests``).
The fixtures are in ``fixtures``; a site is shared by all tests of a run: one that changes it calls
``reset`` afterwards, which puts the tables back as they were after the installation.
"""
