"""Issues, pull requests, labels and comments."""

from tests.github.refusal import invalid, missing
from tests.github.rest import present_threads as present
from tests.github.rest.call import Answer, Call
from tests.github.threads import PullPart, Thread


def pulls(call: Call) -> Answer:
    """GET …/pulls."""
    state, head, base = call.query.get("state", "open"), call.query.get("head"), call.query.get("base")
    catalog = call.catalog
    found = []
    for thread in _sorted(call, [one for one in catalog.listed().threads.values() if one.pull]):
        part = thread.pull
        assert part is not None
        name = f"{part.fork or catalog.owner}:{part.branch}"
        if _in_state(thread, state) and head in (None, name) and base in (None, part.base):
            found.append(present.pull(call.world.url, catalog, thread, part))
    return call.page(found)


def _in_state(thread: Thread, state: str) -> bool:
    return state == "all" or thread.open == (state == "open")


def _sorted(call: Call, threads: list[Thread]) -> list[Thread]:
    by = call.query.get("sort", "created")
    newest_first = call.query.get("direction", "desc" if by == "created" else "asc") == "desc"
    if by == "updated":
        return sorted(threads, key=lambda one: (one.updated, one.number), reverse=newest_first)
    return sorted(threads, key=lambda one: one.number, reverse=newest_first)


def create_pull(call: Call) -> Answer:
    """POST …/pulls."""
    catalog = call.catalog
    head, base = call.text("head") or "", call.text("base") or ""
    draft = call.body.get("draft") is True
    title, body = call.text("title") or "", call.text("body") or ""
    thread = catalog.pulls.open(call.world.viewer, head, base, title, body, draft)
    return Answer(201, _full(call, thread))


def pull(call: Call) -> Answer:
    """GET …/pulls/{pull_number}."""
    return Answer(200, _full(call, call.catalog.talk.pull(call.number)[0]))


def _full(call: Call, thread: Thread) -> object:
    assert isinstance(thread.pull, PullPart)
    return present.full_pull(call.world.url, call.catalog, thread, thread.pull)


def edit_pull(call: Call) -> Answer:
    """PATCH …/pulls/{pull_number}: title, body and state."""
    catalog, number = call.catalog, call.number
    thread, part = catalog.talk.pull(number)
    if call.text("base") not in (None, part.base):
        raise invalid("PullRequest", "invalid", "base", "the double does not change bases")
    catalog.talk.edit(number, call.text("title"), call.text("body"))
    if call.text("state") == "closed":
        catalog.talk.close(number)
    elif call.text("state") == "open" and not thread.open:
        catalog.pulls.reopen(number)
    return Answer(200, _full(call, catalog.talk.get(number)))


def issues(call: Call) -> Answer:
    """GET …/issues: pull requests are among them, as on GitHub."""
    labels = [name for name in call.query.get("labels", "").split(",") if name]
    state, creator = call.query.get("state", "open"), call.query.get("creator")
    newest = call.query.get("direction", "desc") == "desc"
    found = [
        one
        for one in call.catalog.listed().threads.values()
        if _in_state(one, state) and set(labels) <= set(one.labels) and creator in (None, one.author.login)
    ]
    keys = {"updated": lambda one: (one.updated, one.number), "comments": lambda one: (len(one.comments), one.number)}
    found.sort(key=keys.get(call.query.get("sort", "created"), lambda one: (one.created, one.number)), reverse=newest)
    return call.page([_issue(call, one) for one in found])


def _issue(call: Call, thread: Thread) -> object:
    return present.issue(call.world.url, call.catalog, thread)


def create_issue(call: Call) -> Answer:
    """POST …/issues."""
    title = call.body.get("title")
    talk = call.catalog.talk
    thread = talk.open(call.world.viewer, str(title or ""), call.text("body") or "", _names(call.body.get("labels")))
    return Answer(201, _issue(call, thread))


def issue(call: Call) -> Answer:
    """GET …/issues/{issue_number}."""
    return Answer(200, _issue(call, call.catalog.talk.get(call.number)))


def edit_issue(call: Call) -> Answer:
    """PATCH …/issues/{issue_number}: title, body, labels and state."""
    catalog, number = call.catalog, call.number
    thread = catalog.talk.get(number)
    title = call.body.get("title")
    catalog.talk.edit(number, None if title is None else str(title), call.text("body"))
    if "labels" in call.body:
        catalog.talk.label(number, _names(call.body["labels"]))
    if call.text("state") == "closed":
        catalog.talk.close(number)
    elif call.text("state") == "open" and not thread.open:
        if thread.pull:
            catalog.pulls.reopen(number)
        else:
            catalog.talk.reopen(number)
    return Answer(200, _issue(call, catalog.talk.get(number)))


def labels(call: Call) -> Answer:
    """GET …/issues/{issue_number}/labels."""
    return call.page(_labels(call))


def add_labels(call: Call) -> Answer:
    """POST …/labels: what is there stays; a label that the repository does not have is made."""
    there = call.catalog.talk.get(call.number).labels
    call.catalog.talk.label(call.number, [*there, *_names(call.body.get("labels"))])
    return Answer(200, _labels(call))


def set_labels(call: Call) -> Answer:
    """PUT …/labels: these and no others."""
    call.catalog.talk.label(call.number, _names(call.body.get("labels")))
    return Answer(200, _labels(call))


def remove_label(call: Call) -> Answer:
    """DELETE …/labels/{name}."""
    there = call.catalog.talk.get(call.number).labels
    if call.names["name"] not in there:
        raise missing("Label does not exist")
    call.catalog.talk.label(call.number, [name for name in there if name != call.names["name"]])
    return Answer(200, _labels(call))


def _labels(call: Call) -> list[object]:
    names = call.catalog.talk.get(call.number).labels
    return [present.label(call.world.url, call.catalog, name) for name in names]


def _names(value: object) -> list[str]:
    """Labels of a body: each a name, or an object with one."""
    items = value if isinstance(value, list) else []
    return [str(one["name"] if isinstance(one, dict) else one) for one in items]


def comments(call: Call) -> Answer:
    """GET …/issues/{issue_number}/comments."""
    thread = call.catalog.talk.get(call.number)
    return call.page([present.comment(call.world.url, call.catalog, thread, one) for one in thread.comments])


def create_comment(call: Call) -> Answer:
    """POST …/issues/{issue_number}/comments."""
    made = call.catalog.talk.comment(call.number, call.world.viewer, call.text("body") or "")
    thread = call.catalog.talk.get(call.number)
    return Answer(201, present.comment(call.world.url, call.catalog, thread, made))


def comment(call: Call) -> Answer:
    """GET …/issues/comments/{comment_id}."""
    thread, found = call.catalog.talk.find_comment(int(call.names["comment_id"]))
    return Answer(200, present.comment(call.world.url, call.catalog, thread, found))


def edit_comment(call: Call) -> Answer:
    """PATCH …/issues/comments/{comment_id}."""
    call.catalog.talk.edit_comment(int(call.names["comment_id"]), call.text("body") or "")
    return comment(call)


def delete_comment(call: Call) -> Answer:
    """DELETE …/issues/comments/{comment_id}."""
    call.catalog.talk.edit_comment(int(call.names["comment_id"]), None)
    return Answer(204)
