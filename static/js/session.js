/*
 * The page of a session: clocks, warnings before the end, what others did at once, and the instrument's screen.
 * Without this file the page works by loading it again; only the screen needs it.
 */
const room = document.querySelector("[data-room]");
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const words = Object.fromEntries(all("[data-word]").map((item) => [item.dataset.word, item.textContent.trim()]));
const screen = document.querySelector("[data-desktop]");
const state = () => room.querySelector("[data-state]")?.dataset || {};
const isMine = () => room.querySelector("[data-on~=control] [data-control=mine]") !== null; // as the reader is told
const slip = Date.parse(room.dataset.now) - Date.now(); // the server's clock is the one that counts
const now = () => Date.now() + slip;
const isOver = () => ["ended", "failed", "missed", "cancelled"].includes(state().state);
let desktop = null;

let said = 0;

/** Tell it to eyes and to screen readers, in the one place for such words. */
function say(text, kind = "info") {
  said += 1;
  const line = document.querySelector("[data-says]");
  line.className = `notice notice-${kind}`;
  line.textContent = text;
  line.hidden = !text;
}

/** Say after a moment what `tell()` is then, unless there is other news by that time. */
function greet(tell, pause) {
  const turn = said;
  setTimeout(() => { if (said === turn) say(tell(), "ok"); }, pause);
}

/* --- Clocks ------------------------------------------------------------------------------------ */

const language = document.documentElement.lang;
const clocks = all("time[data-zone]").map((face) => {
  const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: face.dataset.zone };
  return [face, new Intl.DateTimeFormat(language, shape)];
});

/** `1 h 05 min`, `12 min`, `48 s` */
function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  return minutes >= 2 ? `${minutes} min` : `${seconds} s`;
}

const WARN_BEFORE = [10, 2]; // minutes
let warned = "";

function warn(left, ends) {
  const due = WARN_BEFORE.filter((minutes) => left <= minutes * 60000).pop();
  if (!due || left <= 0 || warned === `${ends}:${due}`) return;
  warned = `${ends}:${due}`;
  say(words[`left-${due}`], "warn");
}

function tick() {
  const moment = now();
  clocks.forEach(([face, format]) => { face.textContent = format.format(moment); });
  const { starts, ends, open } = state();
  const [word, left] = open ? [words.ends, Date.parse(ends) - moment] : [words.begins, Date.parse(starts) - moment];
  const text = isOver() || left < 0 || left > 86400000 ? "" : word.replace("%s", span(left));
  all("[data-countdown]").forEach((line) => {
    line.textContent = text;
    line.classList.toggle("is-short", Boolean(open && text) && left <= WARN_BEFORE[0] * 60000);
  });
  if (open) warn(left, ends);
  else if (!isOver() && Math.abs(left) < 500) refresh("state");
}

/* --- What others did --------------------------------------------------------------------------- */

function refresh(...names) {
  names.forEach((name) => all(`[data-on~="${name}"]`).forEach((box) => box.dispatchEvent(new Event("refresh"))));
}

/** Ask for a ticket. Returns what the portal answered, or `{code}`: why there is none. */
async function ticket(purpose) {
  const form = new FormData();
  form.set("purpose", purpose);
  form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    const answer = await fetch(room.dataset.ticket, { method: "POST", body: form, redirect: "manual", signal: AbortSignal.timeout?.(15000) });
    if (answer.ok) return await answer.json();
    if (answer.type === "opaqueredirect") return { code: 4004 };
    if (answer.status === 409) return { code: (await answer.json()).code };
    return { code: { 403: 4003, 404: 4003, 429: 4012 }[answer.status] || 1006 };
  } catch {
    return { code: 1006 };
  }
}

const FINAL = new Set([4001, 4002, 4003, 4004]); // nothing more to hear

const SILENCE = 15000; // milliseconds without an answer after which a line counts as dead

/** The line on which the portal says what changed, and answers how long a word takes there and back. */
function listen(pause = 1000) {
  let socket = null;
  let timer = 0;
  let waits = 0; // since when an answer is owed
  let gone = false;
  const again = () => { if (!isOver()) setTimeout(listen, pause * (0.7 + Math.random()), Math.min(pause * 2, 60000)); };

  function end() {
    if (gone) return;
    gone = true;
    clearInterval(timer);
    again();
  }

  function ping() {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (waits && performance.now() - waits > SILENCE) { // dead without a word: its own end would take minutes
      end();
      socket.close();
      desktop?.renew();
      return;
    }
    waits ||= performance.now();
    socket.send(JSON.stringify({ ping: Math.round(performance.now()) }));
  }

  function hear(event) {
    const word = JSON.parse(event.data);
    waits = 0;
    if (word.changed) refresh(...word.changed);
    if ("pong" in word) desktop?.measured(Math.round(performance.now()) - word.pong);
  }

  ticket("events").then((given) => {
    if (FINAL.has(given.code)) return refresh("state");
    if (given.code === 4003 || given.code === 4004) return undefined; // nothing is told to them any more
    if (!given.ticket) return again();
    socket = new WebSocket(given.address, ["binary", `ticket.${given.ticket}`]);
    socket.addEventListener("open", () => {
      pause = 1000;
      refresh("state", "people", "control", "chat");
      ping();
      timer = setInterval(ping, 10000);
    });
    socket.addEventListener("message", hear);
    socket.addEventListener("close", (event) => {
      clearInterval(timer);
      if (event.code === 4011) pause = 60000; // the page still asks every few seconds
      if (FINAL.has(event.code)) refresh("state", "control", "people");
      else again();
    });
    return undefined;
  });
}

const PATIENCE = 6000; // milliseconds
let listens = false;

function listenOnce() {
  if (listens || isOver()) return;
  listens = true;
  listen();
}

/** A small form of the room is sent beside the page, so that the screen stays; the answer fills the page in. */
function sendBeside(form) {
  const going = new Set();
  const written = () => all("textarea, input:not([type=hidden])", form).map((field) => field.value).join("\n");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const action = event.submitter?.getAttribute("formaction") || form.action;
    const deed = `${action} ${event.submitter?.value}`;
    if (going.has(deed)) return undefined; // a second click; another button of the same form is no such
    going.add(deed);
    const sent = written();
    try {
      const answer = await fetch(action, { method: "POST", body });
      const way = document.querySelector("[data-signed-out] a");
      if (answer.redirected && new URL(answer.url).pathname === way?.pathname) {
        way.closest("[data-signed-out]").hidden = false;
        return undefined; // nothing was sent, and what was typed stays
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.querySelector("main .messages li, main .error-summary li, main .problem p, main .lede");
      if (!answer.ok) return say(told?.textContent.trim() || words.failed, "error");
      say(told?.closest(".messages") ? told.textContent.trim() : "", "ok");
      if (written() === sent) form.reset(); // what was written meanwhile stays to be sent next
      all("textarea", form).forEach((area) => area.dispatchEvent(new Event("input"))); // its count of characters
      const key = page.querySelector(`form[action="${form.getAttribute("action")}"] [name=form_key]`);
      if (key && form.elements.form_key) form.elements.form_key.value = key.value;
      refresh("state", "people", "control", "chat");
    } catch {
      say(words.unsent, "error");
    } finally {
      going.delete(deed);
      all("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
      form.dispatchEvent(new Event("sent"));
    }
    return undefined;
  });
}

/** New words in the chat are read out one by one, and the newest is in sight. */
function followChat() {
  const [chat, log] = [document.querySelector("[data-chat]"), document.querySelector("[data-said]")];
  if (!chat || !log) return;
  const lines = () => all("li", chat).map((item) => item.innerText.trim());
  let known = lines().length;
  const down = () => { chat.scrollTop = chat.scrollHeight; };
  new MutationObserver(() => {
    const said = lines();
    said.slice(known).forEach((text) => {
      const line = document.createElement("p");
      line.textContent = text;
      log.append(line);
    });
    known = said.length;
    down();
  }).observe(chat, { childList: true });
  down();
}

/** What was advice for the time before the session has no place in it, nor what is of use in it only after its end. */
function leaveAdvice() {
  all("[data-till-end]").forEach((box) => { box.hidden = isOver(); });
  all("[data-before]").forEach((box) => { box.hidden = Boolean(state().open) || isOver(); });
}

/* --- The screen -------------------------------------------------------------------------------- */

async function follow() {
  if (!screen) return;
  const { open } = state();
  if (!open) {
    desktop?.stop(state().state === "cancelled" ? 4002 : isOver() ? 4001 : 4013);
    screen.hidden = !desktop || isOver();
    return;
  }
  screen.hidden = false;
  if (!desktop) {
    const { module, hands } = screen.dataset;
    const made = await Promise.all([import(module), import(hands)]).catch(() => null);
    if (!made) return say(words.unloaded, "error");
    const [{ Desktop }, parts] = made;
    desktop ??= new Desktop(screen, { words, say, greet, ticket, refresh, pictured: listenOnce, ...parts });
  }
  desktop.hands(isMine());
  desktop.start();
  return undefined;
}

tick();
setInterval(tick, 1000);
all("form[data-beside]").forEach(sendBeside);
followChat();
const moved = () => { leaveAdvice(); follow(); };
all("[data-on~=state], [data-on~=control]").forEach((box) => new MutationObserver(moved).observe(box, { childList: true }));
moved();
if (!screen || !state().open) listenOnce();
else setTimeout(listenOnce, PATIENCE); // the line belongs to the first picture as long as that
