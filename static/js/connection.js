/* The connection check: how fast the line answers, how much it carries, and whether a screen comes through. */
const box = document.querySelector("[data-check]");
const part = (name) => box.querySelector(`[data-${name}]`);
const word = (name) => box.querySelector(`[data-word="${name}"]`)?.textContent || "";
const form = part("results");
const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
const PATIENCE = 20000; // milliseconds for one measurement
const PATIENCE_PICTURE = 60000; // with the program that draws it
const SEEN = 1500; // milliseconds for which the screen is shown at the end
const [ANSWERS, SIZES] = [10, [16, 128, 512]]; // pings; kilobytes, while they go quickly
const LONG = 1500; // milliseconds after which no larger load is tried
const REFUSED = { 403: 4003, 429: 4012 };

let stopping = new AbortController();
let why = ""; // what the portal said when it refused or cut a line

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** What `work(signal)` comes to; null when it fails, takes too long, or the reader stops. */
async function tried(work, patience) {
  const limit = new AbortController();
  const over = () => limit.abort();
  const timer = setTimeout(over, patience);
  stopping.signal.addEventListener("abort", over);
  const given = new Promise((done) => { limit.signal.addEventListener("abort", () => done(null)); });
  const found = await Promise.race([work(limit.signal).catch(() => null), given]);
  clearTimeout(timer);
  stopping.signal.removeEventListener("abort", over);
  return found;
}

async function asked(address, options) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error", ...options });
  if (answer.ok) return answer;
  why = word(`close-${REFUSED[answer.status] || 1011}`);
  throw new Error(answer.status);
}

/** A socket of the check, closed when `signal` says so. */
async function socketFor(purpose, signal) {
  const answer = await asked(box.dataset.ticket, { method: "POST", headers: { "X-CSRFToken": token }, signal });
  const given = await answer.json();
  const socket = new WebSocket(`/ws/check/${purpose}`, ["binary", `ticket.${given.ticket}`]);
  signal.addEventListener("abort", () => socket.close());
  socket.addEventListener("close", (event) => { if (event.code >= 4001) why = word(`close-${event.code}`); });
  return socket;
}

/** Pings one after another: the median in milliseconds, and how far the others lie from it. */
async function answers(signal) {
  const socket = await socketFor("echo", signal);
  const times = [];
  await new Promise((done) => {
    let sent = 0;
    const ping = () => { sent = performance.now(); socket.send(JSON.stringify({ ping: times.length })); };
    socket.addEventListener("open", ping);
    socket.addEventListener("close", done);
    socket.addEventListener("message", () => {
      times.push(performance.now() - sent);
      if (times.length < ANSWERS) ping();
      else done();
    });
  });
  socket.close();
  if (times.length < ANSWERS) return null;
  const latency = median(times);
  return { latency, jitter: median(times.map((time) => Math.abs(time - latency))) };
}

/** kbit/s of the largest load that went in reasonable time; `send(kilobytes, signal)` carries one. */
async function rate(send, latency) {
  let found = null;
  for (const kilobytes of SIZES) {
    const start = performance.now();
    const answer = await tried((signal) => send(kilobytes, signal), PATIENCE); // each would slow the next
    if (!answer) break;
    const milliseconds = performance.now() - start;
    found = (kilobytes * 8000) / Math.max(milliseconds - latency, 1);
    if (milliseconds > LONG) break;
  }
  return found;
}

const down = async (kilobytes, signal) => (await asked(`${box.dataset.bytes}?kilobytes=${kilobytes}`, { signal })).arrayBuffer();

function up(kilobytes, signal) {
  const body = new Uint8Array(kilobytes * 1000);
  for (let place = 0; place < body.length; place += 65536) crypto.getRandomValues(body.subarray(place, place + 65536));
  return asked(box.dataset.bytes, { method: "POST", body, headers: { "X-CSRFToken": token }, signal });
}

/** Whether anything is drawn on the screen: before the first picture it is black or clear. */
function isDrawn(small) {
  const canvas = part("screen").querySelector("canvas");
  if (!canvas?.width || !canvas.height) return false;
  small.drawImage(canvas, 0, 0, 8, 8);
  return small.getImageData(0, 0, 8, 8).data.some((value, place) => place % 4 < 3 && value > 0);
}

/** Milliseconds until a practice instrument's first picture is drawn, from the moment one is asked for. */
async function picture(signal) {
  const { default: RFB } = await import(box.dataset.novnc);
  part("screen").hidden = false;
  part("screen").replaceChildren();
  const small = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const start = performance.now();
  const socket = await socketFor("desktop", signal);
  let open = true;
  socket.addEventListener("close", () => { open = false; });
  const rfb = new RFB(part("screen"), socket, { shared: true });
  rfb.scaleViewport = true;
  rfb.viewOnly = true;
  while (open && !isDrawn(small)) await pause(20);
  const drawn = performance.now();
  if (!open) return null;
  await pause(SEEN);
  rfb.disconnect();
  return drawn - start;
}

/** As the pages tell it: milliseconds, or kbit/s that turn to Mbit/s. */
function told(name, value, jitter) {
  if (value === null) return "–";
  if (name === "latency") return `${value} ms ± ${jitter}`;
  if (name === "picture") return `${value} ms`;
  return value < 10000 ? `${value} kbit/s` : `${Math.round(value / 1000)} Mbit/s`;
}

async function measured() {
  const found = {};
  const step = async (name, work) => {
    if (stopping.signal.aborted) return;
    part("says").textContent = word(name);
    const value = await work();
    found[name] = value === null ? null : Math.round(value);
    part(`shows="${name}"`).textContent = told(name, found[name], found.jitter);
  };
  await step("latency", async () => {
    const given = await tried(answers, PATIENCE);
    found.jitter = given && Math.round(given.jitter);
    return given && given.latency;
  });
  await step("down", () => rate(down, found.latency || 0));
  await step("up", () => rate(up, found.latency || 0));
  await step("picture", () => tried(picture, PATIENCE_PICTURE));
  return found;
}

function isBusy(busy) {
  part("run").disabled = busy;
  part("stop").hidden = !busy;
}

async function run() {
  stopping = new AbortController();
  why = "";
  isBusy(true);
  part("stop").focus();
  box.querySelectorAll("[data-shows]").forEach((place) => { place.textContent = "–"; });
  const found = await measured();
  const stopped = stopping.signal.aborted;
  const isAny = Object.values(found).some((value) => value !== null);
  isBusy(false);
  part("says").textContent = word(stopped ? "stopped" : isAny ? "done" : "nothing");
  if (why && !stopped) part("says").textContent = why; // a refusal of the portal says nothing of the line
  if (stopped || why || !isAny) {
    part("run").focus();
    return;
  }
  Object.entries(found).forEach(([name, value]) => { form.elements[name].value = value ?? ""; });
  form.submit();
}

box.hidden = false;
part("stop").addEventListener("click", () => stopping.abort());
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
