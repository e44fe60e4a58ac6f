"""Templates whose constant parts are rendered once: words of the interface, addresses of files and of fixed pages.

A page of the storefront holds some two hundred ``{% translate %}``, ``{% static %}`` and ``{% url %}`` tags that come
out the same for everybody in one language, and each costs Django more than a look-up. The loader puts every run of
such tags and the text between them into one node, which keeps what it rendered for each language.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.template import Context, Template
from django.template.base import FilterExpression, Node, NodeList, Origin, TextNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class Folded(Node):
    """A run of constant nodes; its text by language and by the prefix that the shop is served under."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = NodeList(nodes)
        self.token, self.origin = nodes[0].token, nodes[0].origin
        self.texts: dict[tuple[str | None, str], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        place = (get_language(), get_script_prefix())
        text = self.texts.get(place)
        if text is None:
            text = self.texts[place] = self.nodes.render(context)
        return text


class Loader(cached.Loader):
    """Django's caching loader; folds the project's own templates as they come in."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template: Template = super().get_template(template_name, skip=skip)
        if "is_folded" not in template.extra_data:
            template.extra_data["is_folded"] = True
            if Path(template.origin.name).is_relative_to(settings.BASE_DIR / "templates"):
                fold(template.nodelist)
        return template


def fold(nodes: NodeList) -> None:
    """Put runs of constant nodes together, in ``nodes`` itself and in all that hang under it."""
    folded: list[Node] = []
    run: list[Node] = []
    for node in [*nodes, None]:
        if node is not None and is_constant(node):
            run.append(node)
            continue
        if run:
            folded.append(run[0] if len(run) == 1 and isinstance(run[0], TextNode) else Folded(run))
            run = []
        if node is not None:
            for child in _node_lists(node):
                fold(child)
            folded.append(node)
    nodes[:] = folded


def is_constant(node: Node) -> bool:
    """Whether the node comes out the same for every context of one language."""
    match node:
        case TextNode() | CommentNode() | LoadNode():
            return True
        case TranslateNode():
            return not node.asvar and not node.message_context and _is_text(node.filter_expression)
        case StaticNode():
            return not node.varname and _is_text(node.path)
        case URLNode():
            said = [node.view_name, *node.args, *node.kwargs.values()]
            return not node.asvar and all(_is_text(each) for each in said)
    return False


def _is_text(expression: FilterExpression) -> bool:
    """A quoted text without filters. ``{% translate %}`` marks its text as a variable that is to be translated."""
    variable = getattr(expression, "var", expression)
    return not getattr(expression, "filters", None) and (
        isinstance(variable, str) or getattr(variable, "literal", None) is not None
    )


def _node_lists(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):  # its own attribute joins them anew at each look
        for _condition, nodes in node.conditions_nodelists:
            yield nodes
        return
    for name in node.child_nodelists:
        child = getattr(node, name, None)
        if isinstance(child, NodeList):
            yield child
