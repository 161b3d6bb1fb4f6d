"""The parts of an application, without the page's own script: a sample, a file, a colleague, the focal point's word."""

import pytest

from calls.actions.application import attachments, draft, endorsement, samples, team
from calls.enums import TeamRole
from calls.models import Application
from portal.core.files import check_upload
from tests.factories.calls import CallFactory
from tests.support import uploads


@pytest.fixture
def application(site, researcher, instrument) -> Application:
    call = CallFactory(instruments=[instrument], needs_endorsement=True)
    return draft.start(call, by=researcher)


def sound(visit) -> list[str]:
    """What is wrong with how the page looks at this width."""
    return [*visit.violations(), *(["sideways"] if visit.sideways() else [])]


@pytest.mark.parametrize("width", [1280, 320])
def test_samples_and_files(window, researcher, application, width, tmp_path):
    visit = window(researcher, script=False, width=width)
    page = visit.page
    visit.open(f"/en/applications/{application.ref}/samples/")
    page.get_by_role("radio", name="Yes", exact=True).check()
    page.get_by_label("How are they handled safely?").fill("In a fume hood.")
    visit.press("Save and declare a sample")
    visit.press("Save the sample")
    assert page.title().startswith("Error:")
    page.get_by_label("Label").fill("Cu-1")
    page.get_by_label("Composition").fill("C12H10CuN4O2")
    page.get_by_label("Form").select_option("crystal")
    page.get_by_label("Toxic").check()
    visit.press("Save the sample")
    assert "Toxic" in visit.text()
    assert page.get_by_label("How are they handled safely?").input_value() == "In a fume hood."
    visit.open(f"/en/applications/{application.ref}/files/")
    page.get_by_label("File").set_input_files({"name": "lie.pdf", "mimeType": "application/pdf", "buffer": b"MZ lies"})
    visit.press("Attach the file")
    assert "this file is something else" in visit.text()
    page.get_by_label("File").set_input_files(
        {"name": "figure.pdf", "mimeType": "application/pdf", "buffer": uploads.pdf()}
    )
    visit.press("Attach the file")
    with page.expect_download() as coming:
        page.get_by_role("link", name="figure.pdf").click()
    kept = tmp_path / "fetched.pdf"
    coming.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")
    visit.press("Save and continue")
    assert "figure.pdf" in visit.text()
    application.refresh_from_db()
    assert (application.has_samples, application.samples.get().hazards) == (True, ["toxic"])


def test_a_colleague_joins_and_a_focal_point_endorses(window, post, researcher, reviewer, focal_point, application):
    visit = window(researcher, script=False, width=320)
    visit.open(f"/en/applications/{application.ref}/team/")
    visit.page.get_by_label("Who does what?").fill("Rui reads the frames.")
    visit.press("Save and invite a co-applicant")
    visit.page.get_by_label("E-mail address").fill("rui.at.work@example.net")
    visit.page.get_by_role("radio", name="may write").check()
    visit.press("Send the invitation")
    assert "has not accepted yet" in visit.text()
    colleague = window(reviewer, script=False)
    colleague.open(post.link_to("rui.at.work@example.net", "/join/"))
    colleague.press("Take part")
    colleague.press("Plan for the results")
    colleague.page.get_by_label("What becomes of the results?").fill("A paper.")
    colleague.press("Save and continue")
    colleague.press("Ask for the endorsement")
    leader = window(focal_point, script=False, width=320)
    leader.open(post.link_to(focal_point.email, "/endorse/"))
    leader.page.get_by_role("radio", name="Yes, we endorse it").check()
    leader.page.get_by_label("Words to the applicant").fill("Good work.")
    leader.press("Send the answer")
    assert "stands behind this application" in leader.text()
    visit.open(f"/en/applications/{application.ref}/organisation/")
    assert "Good work." in visit.text()
    application.refresh_from_db()
    assert (application.endorsement.is_given, application.plan) == (True, "A paper.")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (320, "dark")])
def test_every_page_of_the_parts_is_sound(window, researcher, focal_point, application, width, theme):
    fields = {"label": "Cu-1", "composition": "C12H10CuN4O2", "form": "crystal", "hazards": ["toxic", "nano"]}
    sample = samples.add_sample(application, fields, by=researcher)
    attachments.attach(application, check_upload(uploads.upload(uploads.pdf(), "figure.pdf")), by=researcher)
    address = "somebody.with.a.long.address@department.example.net"
    member = team.invite(application, address, TeamRole.VIEW, by=researcher)
    endorsement.ask(application, by=researcher)
    parts = ["samples", "samples/add", f"samples/{sample.pk}", "team", "team/invite", "files", "organisation", "check"]
    visit = window(researcher, width=width, theme=theme)
    leader = window(focal_point, width=width, theme=theme)
    wrong = []
    for looking, path in (
        *((visit, f"/en/applications/{application.ref}/{part}/") for part in parts),
        (leader, f"/en/applications/{application.ref}/endorse/"),
        (leader, f"/en/applications/{application.ref}/"),
        (leader, f"/en/applications/join/{member.token}/"),
    ):
        assert looking.open(path) == 200
        wrong += [(path, line) for line in sound(looking)]
    assert wrong == []
