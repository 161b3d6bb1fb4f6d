/* The connection check: how fast the line answers, how much it carries, and whether a screen comes through. */
const box = document.querySelector("[data-check]");
const part = (name) => box.querySelector(`[data-${name}]`);
const word = (name) => box.querySelector(`[data-word="${name}"]`)?.textContent || "";
const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
const UNITS = { latency: "ms", down: "kbit/s", up: "kbit/s", picture: "ms" };
const PATIENCE = 20000; // milliseconds for one measurement
const [ANSWERS, SIZES] = [10, [16, 128, 512]]; // pings; kilobytes, while they go quickly

const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
const within = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, PATIENCE, null))]);

async function socketFor(purpose) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token);
  const answer = await fetch(box.dataset.ticket, { method: "POST", body });
  const given = await answer.json();
  const socket = new WebSocket(`/ws/check/${purpose}`, ["binary", `ticket.${given.ticket}`]);
  socket.addEventListener("close", (event) => { if (event.code >= 4001) part("says").textContent = word(`close-${event.code}`); });
  return socket;
}

/** Pings one after another: the median in milliseconds, and how far the others lie from it. */
async function answers() {
  const socket = await socketFor("echo");
  const times = [];
  const measured = await within(new Promise((done) => {
    let sent = 0;
    const ping = () => { sent = performance.now(); socket.send(JSON.stringify({ ping: times.length })); };
    socket.addEventListener("open", ping);
    socket.addEventListener("close", () => done(null));
    socket.addEventListener("message", () => {
      times.push(performance.now() - sent);
      if (times.length < ANSWERS) ping();
      else done(true);
    });
  }));
  socket.close();
  if (!measured) return {};
  const latency = median(times);
  return { latency, jitter: median(times.map((time) => Math.abs(time - latency))) };
}

/** kbit/s of the largest load that went in reasonable time; `send(kilobytes)` carries one. */
async function rate(send, latency) {
  let found = null;
  for (const kilobytes of SIZES) {
    const start = performance.now();
    const answer = await within(send(kilobytes)); // one after the other: each would slow the next
    if (!answer) break;
    const milliseconds = performance.now() - start;
    found = (kilobytes * 8000) / Math.max(milliseconds - (latency || 0), 1);
    if (milliseconds > 1500) break;
  }
  return found;
}

const down = async (kilobytes) => (await fetch(`${box.dataset.bytes}?kilobytes=${kilobytes}`, { cache: "no-store" })).arrayBuffer();

function up(kilobytes) {
  const body = new Uint8Array(kilobytes * 1000);
  for (let place = 0; place < body.length; place += 65536) crypto.getRandomValues(body.subarray(place, place + 65536));
  return fetch(box.dataset.bytes, { method: "POST", body, headers: { "X-CSRFToken": token } });
}

/** Milliseconds until a practice instrument's first picture is drawn. */
async function picture() {
  const [{ default: RFB }, { Pacer }] = await Promise.all([import(box.dataset.novnc), import(box.dataset.pacer)]);
  const start = performance.now();
  const socket = await socketFor("desktop");
  const pacer = new Pacer(socket);
  const rfb = new RFB(part("screen"), socket, { shared: true });
  rfb.scaleViewport = true;
  rfb.viewOnly = true;
  return within(new Promise((done) => {
    const look = setInterval(() => { if (pacer.pictured) end(pacer.pictured - start); }, 20);
    const end = (value) => { clearInterval(look); done(value); };
    socket.addEventListener("close", () => end(null));
  })).finally(() => setTimeout(() => rfb.disconnect(), 1500));
}

async function step(name, work) {
  part("says").textContent = word(name);
  const found = await work().catch(() => null);
  const value = found === null ? null : Math.round(found);
  part(`shows="${name}"`).textContent = value === null ? "–" : `${value} ${UNITS[name]}`;
  return value;
}

async function run(event) {
  event.preventDefault();
  const form = part("results");
  part("run").setAttribute("aria-disabled", "true");
  const found = {};
  found.latency = await step("latency", async () => {
    const { latency = null, jitter = null } = await answers();
    found.jitter = jitter === null ? null : Math.round(jitter);
    return latency;
  });
  found.down = await step("down", () => rate(down, found.latency));
  found.up = await step("up", () => rate(up, found.latency));
  found.picture = await step("picture", picture);
  Object.entries(found).forEach(([name, value]) => { form.elements[name].value = value ?? ""; });
  part("says").textContent = word("done");
  setTimeout(() => form.submit(), 1500); // the screen is seen for a moment
}

box.hidden = false;
let running = false;
part("results").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!running) run(event);
  running = true;
});
