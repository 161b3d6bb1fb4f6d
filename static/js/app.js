/*
 * Comfort, never necessity: every page works without this file.
 * Focus on errors, time-zone hint, offline banner, live fragments, one click one form, character counts,
 * wide tables by keys.
 */
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  /** The page opens on what went wrong. */
  function focusErrors() {
    const summary = document.querySelector("[data-focus]");
    if (summary) summary.focus();
  }

  /** Offer the device's zone where the page shows another. The reader decides; nothing is changed here. */
  function suggestZone() {
    const panel = document.querySelector("[data-tz]");
    const form = panel && panel.querySelector("[data-tz-suggest]");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!form || !zone || zone === panel.dataset.tz) return;
    form.querySelector("b").textContent = zone.split("/").pop().replaceAll("_", " ");
    form.querySelector("input[type=hidden]:not([name=csrfmiddlewaretoken]):not([name=next])").value = zone;
    form.hidden = false;
  }

  function watchConnection() {
    const banner = document.querySelector("[data-offline]");
    if (!banner) return;
    const show = () => { banner.hidden = navigator.onLine; };
    addEventListener("online", show);
    addEventListener("offline", show);
    show();
  }

  /** Put new HTML into a box and keep the reader's place in it; false while they write or press there. */
  function fill(box, html) {
    const held = box.contains(document.activeElement) ? document.activeElement : box;
    if (held.matches("input, textarea, select") || box.querySelector(":active")) return false;
    const marks = ["href", "formaction", "name", "value"];
    box.innerHTML = html;
    if (held === box) return true;
    const same = all(held.localName, box).find((item) => marks.every((mark) => item.getAttribute(mark) === held.getAttribute(mark)));
    if (!same) box.tabIndex = -1; // what had the focus is gone: the keyboard goes on from here
    (same || box).focus({ preventScroll: true });
    return true;
  }

  let signedOut = false;

  /** Whether an answer is the way to sign in instead: in another window, or by the portal, the reader was signed out. */
  function isSignedOut(answer) {
    const notice = document.querySelector("[data-signed-out]");
    const way = notice?.querySelector("a");
    if (!way || !answer.redirected || new URL(answer.url).pathname !== way.pathname) return false;
    notice.hidden = false;
    signedOut = true;
    return true;
  }

  /** Ask for a fragment again every few seconds while somebody looks; an unchanged one costs no body. */
  function keepFresh(box) {
    const pause = Math.max(2, Number(box.dataset.every) || 15) * 1000;
    let etag = box.dataset.etag || "";
    let timer = 0;
    let over = false;
    let asked = 0;

    const later = () => { clearTimeout(timer); timer = setTimeout(look, pause); };

    async function look() {
      if (document.hidden || over || signedOut) return;
      asked += 1;
      const turn = asked;
      try {
        const headers = etag ? { "If-None-Match": etag } : {};
        const answer = await fetch(box.dataset.refresh, { headers, cache: "no-store" });
        if (isSignedOut(answer)) return;
        const html = await answer.text();
        if (turn !== asked) return; // a later question overtook this one: its answer is old
        if (answer.status === 200 && !answer.redirected) etag = fill(box, html) ? answer.headers.get("ETag") || "" : "";
        over = answer.headers.has("X-Stop") || answer.status === 403 || answer.status === 404;
      } catch {
        /* no connection: the offline banner says so, and the next round tries again */
      }
      if (!over) later();
    }

    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    box.addEventListener("refresh", look);
    later();
  }

  /** A second click while the first is under way sends nothing; coming back or waiting frees the button. */
  function guardForm(form) {
    let sent = false;
    const free = () => {
      sent = false;
      all("button[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    };
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
      setTimeout(free, 10000);
    });
    addEventListener("pageshow", free);
    form.addEventListener("sent", free); // said by a script that sends the form beside the page
  }

  /** "120 / 2000" under a long text. */
  function countCharacters(area) {
    const most = Number(area.dataset.count);
    const line = document.createElement("p");
    line.className = "hint num";
    const show = () => { line.textContent = `${area.value.length} / ${most}`; };
    area.after(line);
    area.addEventListener("input", show);
    show();
  }

  /** A wide table that scrolls sideways is reached by keys too, and says its name there. */
  function reachByKeys(box) {
    const name = box.querySelector("caption")?.textContent || document.querySelector("h1")?.textContent || "";
    new ResizeObserver(() => {
      if (box.scrollWidth <= box.clientWidth) {
        ["tabindex", "role", "aria-label"].forEach((mark) => box.removeAttribute(mark));
        return;
      }
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", name.trim());
    }).observe(box);
  }

  /** Whoever signs out leaves no drafts behind on this device. */
  function forgetDrafts() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
    } catch {
      /* storage is forbidden: nothing was kept */
    }
  }

  focusErrors();
  suggestZone();
  watchConnection();
  all("[data-refresh]").forEach(keepFresh);
  all("form[method=post]").forEach(guardForm);
  all("textarea[data-count]").forEach(countCharacters);
  all(".table-scroll").forEach(reachByKeys);
  all("form[action*='/logout/']").forEach((form) => form.addEventListener("submit", forgetDrafts));
})();
