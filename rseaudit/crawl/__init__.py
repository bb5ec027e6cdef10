"""Crawl sources: the only package, with ``spiders``, that knows Scrapy."""
