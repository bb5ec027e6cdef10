"""Find contents that repeat others, and say which words come from where.

``find_reuse`` is the job, ``to_json`` its result as data. The way there: ``collection`` (distinct
texts), ``lexicon`` and ``shingles`` (keys), ``index`` (where they stand), ``boilerplate`` (what is
common), ``candidates`` (chains of seeds), ``alignment`` (passages), ``passages`` (all of these),
then between documents ``direction``, ``attribution``, ``coincidence``, ``matches``, ``units`` and ``verdict``.
After a change ``again`` takes up what the last comparison left (``standing``), and ``changes`` judges what that moves.
"""

from rseaudit.duplicates.form import to_json
from rseaudit.duplicates.job import Reuse, find_reuse

__all__ = ["Reuse", "find_reuse", "to_json"]
