"""Answers whose status means something else here than elsewhere."""

from __future__ import annotations

from rseaudit.crawl.outcomes import Judgement
from rseaudit.crawl.page import Page
from rseaudit.crawl.wordpress import answers
from rseaudit.crawl.wordpress.routes import Call

_NO_ROUTE = "rest_no_route"
_SILENT = (400, 401, 403, 404, 500, 501)


def judge(page: Page, call: Call, status: int) -> Judgement | None:
    """Judge an answer by the API's own word for it; ``None`` where its status says all."""
    code = answers.code(page)
    if call.route == "" and status in (200, 404) and not answers.is_root(page):
        return Judgement("done")  # a site without permalinks, which answers elsewhere
    if call.route == "wp/v2/comments" and status in _SILENT:
        return Judgement("done")  # the contents are read all the same, their comments stay unknown
    if status == 403 and "context" in call.params and "include" in call.params:
        return Judgement("done")  # asked again without the original text
    if status == 400 and code is not None and code.endswith("_invalid_page_number"):
        return Judgement("absent", "beyond the last page")
    if status == 400 and code == "rest_invalid_param" and call.params.get("status") == "private":
        return Judgement("denied", "this account may not list private contents")
    if status in (401, 403) and code == "rest_forbidden" and call.is_alone:
        return Judgement("absent", "it is no longer published")  # in the bin, or a draft again
    if status == 404 and (code is None or code == _NO_ROUTE):
        return Judgement("denied", "the API does not have this address")  # says nothing of a document
    if status == 200 and _shows_nothing(page, call):
        return Judgement("denied", "a closed group that shows nothing: this account is no member, or it is empty")
    return None


def _shows_nothing(page: Page, call: Call) -> bool:
    """Tell whether a closed group answers with an empty list, as it does to outsiders: 200, without a total."""
    closed = page.about.get("visibility") not in (None, "public")
    first = "group_id" in call.params and call.params.get("page") == "1"
    return closed and first and page.body.strip() == b"[]" and answers.total(page) is None


def knows_me(page: Page) -> bool:
    """Tell whether the answer names the account that asks."""
    return answers.code(page) is None and answers.is_object(page, "id")


def only_for_members(call: Call) -> bool:
    """Tell whether a guest would have been refused an answer to this call."""
    return call.params.get("status") == "private" or call.params.get("context") == "edit"
