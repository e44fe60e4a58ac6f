from django.template import Context, engines
from django.template.loader import get_template
from django.utils.translation import override

from shop.lib.folding import Folded, fold


def template_of(source):
    return engines["django"].from_string(source).template


def folded(source):
    template = template_of(source)
    fold(template.nodelist)
    return template


def test_constant_tags_and_text_become_one_node():
    source = '<a href="{% url "storefront:home" %}">{% translate "Кошик" %}</a>{# note #}{% static "img/icons.svg" %}'

    assert [type(node) for node in folded(source).nodelist] == [Folded]


def test_a_folded_template_says_the_same_in_each_language():
    source = '<a href="{% url "storefront:home" %}">{% translate "Кошик" %}</a> {{ name }}'
    context = {"name": "<Олена>"}

    for language in ("uk", "en", "uk"):
        with override(language):
            assert folded(source).render(Context(context)) == template_of(source).render(Context(context))


def test_what_depends_on_the_context_stays():
    source = '{% translate name %}{% url view %}{% static file %}{% translate "Кошик" as word %}{{ word }}'

    assert not [node for node in folded(source).nodelist if isinstance(node, Folded)]


def test_tags_under_conditions_and_loops_are_folded_too():
    template = folded(
        '{% if a %}{% translate "Кошик" %} {% translate "Пошук" %}{% else %}{% for b in c %}{% translate "Кошик" %},'
        "{% endfor %}{% endif %}"
    )

    assert template.render(Context({"c": [1, 2]})) == "Кошик,Кошик,"
    assert template.render(Context({"a": 1})) == "Кошик Пошук"
    first_branch = template.nodelist[0].conditions_nodelists[0][1]
    assert [type(node) for node in first_branch] == [Folded]


def test_templates_of_the_project_come_folded_and_those_of_libraries_do_not():
    ours = get_template("components/search-tips.html").template
    theirs = get_template("unfold/layouts/base.html").template

    assert ours.nodelist.get_nodes_by_type(Folded)
    assert not theirs.nodelist.get_nodes_by_type(Folded)
