"""The tags of the look, as templates use them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from portal.core.icons import ICONS, STATUS_SHAPES
from portal.core.statuses import KINDS, kind_of


@pytest.fixture(autouse=True)
def english_in_nairobi():
    with translation.override("en"), timezone.override(ZoneInfo("Africa/Nairobi")):
        yield


def drawn(source, path="/en/", **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get(path))


class WishForm(forms.Form):
    email = forms.EmailField(label="Address", help_text="We write to it.")
    reason = forms.CharField(label="Why", widget=forms.Textarea, required=False)
    often = forms.ChoiceField(label="How often", widget=forms.RadioSelect, choices=[("a", "At once"), ("d", "Daily")])
    starts = forms.SplitDateTimeField(label="Starts", required=False)
    agreed = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_ties_label_hint_and_control_together():
    html = drawn("{% field form.email %}", form=WishForm())
    assert '<label for="id_email">Address</label>' in html
    assert 'id="id_email_helptext">We write to it.' in html
    assert 'aria-describedby="id_email_helptext"' in html
    assert 'autocomplete="email"' in html
    assert "required" not in html


def test_a_field_in_error_says_so_at_its_control():
    html = drawn("{% field form.email %}", form=WishForm({"email": "nonsense"}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html
    assert 'value="nonsense"' in html


def test_what_may_stay_empty_is_called_optional():
    assert "(optional)" in drawn("{% field form.reason %}", form=WishForm())
    assert "(optional)" not in drawn("{% field form.email %}", form=WishForm())


def test_choices_stand_in_a_fieldset_with_its_legend():
    html = drawn("{% field form.often %}", form=WishForm({}))
    assert html.count("<fieldset") == 1
    assert "<legend>How often</legend>" in html
    assert 'aria-describedby="id_often_error"' in html
    assert html.count('type="radio"') == 2


def test_date_and_time_of_one_field_have_names_of_their_own():
    html = drawn("{% field form.starts %}", form=WishForm())
    assert 'aria-label="Date"' in html
    assert 'aria-label="Time"' in html


def test_a_hidden_field_is_only_its_control():
    html = drawn("{% field form.token %}", form=WishForm())
    assert html.strip().startswith('<input type="hidden"')
    assert "label" not in html


def test_the_summary_links_every_error_to_its_control():
    form = WishForm({})
    form.add_error(None, "Two things do not fit.")
    html = drawn("{% error_summary form %}", form=form)
    assert "<li>Two things do not fit.</li>" in html
    for target in ("id_email", "id_often_0", "id_agreed"):
        assert f'href="#{target}"' in html


def test_the_summary_names_a_box_by_the_first_words_of_its_sentence_and_sets_its_colon_as_the_language_does():
    form = WishForm({})
    form.fields["agreed"].label = "I agree that you keep my address and write to me about what fits my wishes."
    assert "I agree that you keep my address and write to…: This field" in drawn("{% error_summary form %}", form=form)
    with translation.override("fr"):
        assert "Address\u00a0: " in drawn("{% error_summary form %}", form=form)


def test_no_errors_no_summary():
    assert drawn("{% error_summary form other %}", form=WishForm(), other=None).strip() == ""


def test_pages_keep_the_rest_of_the_query():
    html = drawn("{% pagination page %}", "/en/calls/?q=a%26b&page=2", page=Paginator(range(100), 20).page(2))
    assert 'href="?q=a%26b&amp;page=3" rel="next"' in html
    assert 'aria-current="page"' in html


def test_one_page_needs_no_links():
    assert drawn("{% pagination page %}", page=Paginator(range(3), 20).page(1)).strip() == ""


def test_a_status_is_word_shape_and_kind():
    html = drawn('{% status "confirmed" %}{% status "live" label=typed %}', typed="<b>")
    assert 'class="status status-ok"' in html
    assert "Confirmed" in html
    assert 'class="status status-live"' in html
    assert "&lt;b&gt;" in html


def test_every_kind_has_a_shape_and_unknown_states_are_quiet():
    assert set(KINDS.values()) <= set(STATUS_SHAPES)
    assert kind_of("never heard of") == "off"


def test_a_technique_without_drawing_takes_its_branchs():
    own = drawn('{% technique_art "diffraction/powder-x-ray" %}')
    branch = drawn('{% technique_art "diffraction" %}')
    assert own != branch
    assert drawn("{% technique_art row %}", row=SimpleNamespace(path="diffraction/neutron")) == branch
    assert drawn('{% technique_art "astrology" %}') == drawn('{% art "aperture" %}') != ""
    assert drawn("{% technique_art row.nothing %}", row=SimpleNamespace()) == drawn('{% art "aperture" %}')


@pytest.mark.parametrize(
    "slug",
    [
        *("diffraction", "single-crystal-x-ray", "powder-x-ray"),
        *("microscopy", "sem", "tem", "confocal", "afm", "imaging"),
        *("spectroscopy", "nmr", "ir", "uv-vis"),
        *("metabolomics", "lc-ms", "gc-ms", "computational-methods"),
    ],
)
def test_every_technique_has_its_own_drawing(slug):
    html = drawn("{% technique_art slug %}", slug=slug)
    assert html != drawn('{% art "aperture" %}')
    assert len(html) < 2000
    assert "style" not in html


def test_icons_are_decoration():
    for name in ICONS:
        assert 'aria-hidden="true"' in drawn("{% icon name %}", name=name)


def test_a_period_is_told_on_both_clocks():
    start, end = datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 3, 22, 10, tzinfo=UTC)
    html = drawn('{% both_times start end "Europe/Paris" place="Grenoble" %}', start=start, end=end)
    assert "Monday 22 March 2027, <bdi>11:00–13:00</bdi> Nairobi time" in html
    assert "<bdi>09:00–11:00</bdi> at the lab in Grenoble" in html
    assert 'datetime="2027-03-22T08:00:00+00:00"' in html


def test_one_clock_is_said_to_be_the_same():
    start, end = datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 3, 22, 10, tzinfo=UTC)
    html = drawn('{% both_times start end "Africa/Addis_Ababa" day=False %}', start=start, end=end)
    assert "the same time at the lab in Addis Ababa" in html
    assert "March" not in html


def test_a_moment_names_its_zone():
    closes = datetime(2027, 1, 11, 22, 59, tzinfo=UTC)
    assert "12 January 2027, 01:59</bdi></time> (Nairobi time)" in drawn("{% moment closes %}", closes=closes)
    html = drawn('{% moment closes "Europe/Paris" %}', closes=closes)
    assert "11 January 2027, 23:59</bdi></time> (Paris time)" in html


def test_a_deadline_is_told_in_its_own_zone_too_and_its_day_once():
    closes = datetime(2027, 1, 11, 22, 59, tzinfo=UTC)
    html = drawn('{% moment closes also="Europe/Paris" %}', closes=closes)
    assert "(Nairobi time; <bdi>11 January 2027, 23:59</bdi> Paris time)" in html
    html = drawn('{% moment closes also="Europe/Paris" %}', closes=closes.replace(hour=12))
    assert "11 January 2027, 15:59</bdi></time> (Nairobi time; <bdi>13:59</bdi> Paris time)" in html
    assert drawn('{% moment closes also="Africa/Addis_Ababa" %}', closes=closes) == drawn(
        "{% moment closes %}", closes=closes
    )


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_pages_need_no_request_and_no_database(name):
    html = engines["django"].get_template(name).render()
    assert "<h1>" in html
    assert 'lang="en"' in html


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_error_pages_offer_a_way_on(name):
    html = engines["django"].get_template(name).render({}, RequestFactory().get("/en/nowhere/"))
    assert 'class="btn" href="/en/"' in html


def test_a_menu_leaves_out_what_does_not_exist():
    assert drawn('{% nav_item "no:such" "Nothing" %}').strip() == ""


def test_a_menu_marks_where_the_reader_is():
    html = drawn('{% nav_item "account_login" "Sign in" %}', "/en/accounts/login/")
    assert 'aria-current="page"' in html


def test_a_menu_is_written_for_each_language_and_place_and_escapes_what_is_not_safe():
    item = '{% nav_item "account_login" label %}'
    with translation.override("fr"):
        assert 'href="/fr/accounts/login/"' in drawn(item, label="Entrer")
    english = drawn(item, "/en/", label="A <b>")
    assert 'href="/en/accounts/login/"' in english
    assert "aria-current" not in english
    assert "A &lt;b&gt;" in english
    assert "A <b>" in drawn(item, "/en/", label=SafeString("A <b>"))


def test_languages_lead_to_the_same_page():
    source = (
        "{% language_links as links %}{% for l in links %}{{ l.code }} {{ l.path|safe }} {{ l.current }};{% endfor %}"
    )
    html = drawn(source, "/en/accounts/login/?next=/en/me/")
    assert html == "en /en/accounts/login/?next=/en/me/ True;fr /fr/accounts/login/?next=/en/me/ False;"
    assert drawn(source, "/en/leads/en/nowhere/") == "en /en/leads/en/nowhere/ True;fr /fr/leads/en/nowhere/ False;"
    for referer, place in (
        ("http://testserver/en/trainings/?page=2", "trainings/?page=2"),  # the page with the button
        ("https://elsewhere.example/en/trainings/", "accounts/login/"),
        ("", "accounts/login/"),
    ):
        pressed = RequestFactory().post("/en/accounts/login/?next=/", headers={"referer": referer})
        answer = engines["django"].from_string(source).render({}, pressed)
        assert answer == f"en /en/{place} True;fr /fr/{place} False;"
    stranger = RequestFactory().get("/", PATH_INFO="//elsewhere.example/")
    answer = engines["django"].from_string(source).render({}, stranger)
    assert answer == "en /elsewhere.example/ True;fr /elsewhere.example/ False;"
    assert drawn(source, "/nowhere/") == "en /nowhere/ True;fr /nowhere/ False;"
