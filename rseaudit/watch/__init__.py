"""Read feeds, keep what the watchlists look for, tell news from copies, trends and weak signals.

The way of an entry: ``feeds`` (parse, in ``workers``) -> ``identity`` (id, address, date) ->
``matching`` and ``relevance`` (score with reasons) -> ``stories`` -> ``trends`` -> ``digest``.
Nothing here fetches or stores: ``reading`` says what is due and reads what came back, ``job`` judges
all entries that are known.
"""
