/* Hands on the instrument's screen: its size and place on the page, keyboard, on-screen keys, clipboard. */
/** How large the picture is and which part of it is seen. */
export class View {
  constructor(desktop) {
    this.desktop = desktop;
    this.root = desktop.root;
    this.frame = desktop.part("frame");
    this.zoom = 1;
    this.watch = new MutationObserver(() => this.fit());
    const press = (name, deed) => desktop.part(name).addEventListener("click", deed);
    press("zoom-in", () => this.scale(this.zoom * 1.25));
    press("zoom-out", () => this.scale(this.zoom / 1.25));
    press("zoom-fit", () => this.scale(1));
    press("pan", () => this.pan());
    press("full", () => this.fill());
    document.addEventListener("fullscreenchange", () => this.filled());
    new ResizeObserver(() => this.fit()).observe(this.frame);
    addEventListener("resize", () => this.fit());
    this.drag(desktop.part("grip"));
  }

  follow(canvas) {
    this.canvas = canvas;
    this.watch.disconnect();
    this.watch.observe(canvas, { attributes: true, attributeFilter: ["width", "height"] });
    this.fit();
  }

  /** The last picture stays, dimmed, while the line is away. */
  keep() {
    const [from, still] = [this.canvas, this.desktop.part("still")];
    if (!from?.width || !from.isConnected) return;
    [still.width, still.height] = [from.width, from.height];
    still.getContext("2d").drawImage(from, 0, 0);
  }

  fit() {
    const { width, height } = this.canvas || {};
    if (!width || !height) return;
    const isFull = this.isFull();
    const most = isFull ? this.frame.clientHeight : Math.max(240, innerHeight - 120);
    const across = Math.min(this.frame.clientWidth, (most * width) / height);
    const { style } = this.desktop.part("sheet");
    const [wide, high] = [Math.floor(across * this.zoom), Math.floor((across * this.zoom * height) / width)];
    if (style.width !== `${wide}px`) [style.width, style.height] = [`${wide}px`, `${high}px`];
  }

  scale(zoom) {
    this.zoom = Math.min(5, Math.max(1, zoom));
    if (this.zoom < 1.2) this.zoom = 1;
    if (this.zoom === 1) this.pan(false);
    this.fit();
    this.desktop.part("zoom-fit").textContent = `${Math.round(this.zoom * 100)} %`;
  }

  pan(on = this.desktop.part("grip").hidden) {
    this.desktop.part("grip").hidden = !on;
    this.desktop.part("pan").setAttribute("aria-pressed", String(on));
  }

  /** A finger scrolls the frame by itself; a mouse drags it. */
  drag(grip) {
    grip.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons) this.frame.scrollBy(-event.movementX, -event.movementY);
    });
  }

  isFull() {
    return document.fullscreenElement === this.root || this.root.classList.contains("is-filling");
  }

  /** Full screen, or the whole window where a browser (of a phone) does not give the screen. */
  async fill() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (this.root.classList.contains("is-filling")) this.root.classList.remove("is-filling");
    else {
      const asked = this.root.requestFullscreen ? this.root.requestFullscreen() : Promise.reject(new Error("none"));
      await asked.catch(() => this.root.classList.add("is-filling"));
    }
    this.filled();
  }

  filled() {
    this.desktop.part("full").textContent = this.desktop.words[this.isFull() ? "leave" : "fill"];
    this.desktop.part("full").setAttribute("aria-pressed", String(this.isFull()));
    this.fit();
  }
}

const [BACKSPACE, ENTER] = [0xff08, 0xff0d];
const HIDDEN_START = "\u00a0\u00a0"; // so that a phone's keyboard has something to delete

/** Keyboard, on-screen keys and clipboard. */
export class Hands {
  constructor(desktop) {
    this.desktop = desktop;
    this.held = new Map();
    desktop.part("paste")?.addEventListener("click", () => this.paste());
    desktop.part("copy")?.addEventListener("click", () => this.copy());
    desktop.part("frame").addEventListener("keydown", (event) => this.leave(event), true);
    desktop.part("hold")?.addEventListener("click", () => desktop.rfb?.focus());
    const shows = desktop.part("show-keys");
    shows?.addEventListener("click", () => this.show(shows));
    desktop.part("leaves")?.addEventListener("click", () => desktop.rfb?.sendCtrlAltDel());
    desktop.part("keys").addEventListener("click", (event) => this.press(event.target.closest("[data-key]")));
    desktop.part("keys").addEventListener("pointerdown", (event) => {
      if (event.target.closest("[data-key]")) event.preventDefault(); // the phone's keyboard stays open
    });
    this.field = desktop.part("type");
    if (!this.field) return; // somebody who never has control
    this.field.addEventListener("focus", () => this.empty());
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.edited(event));
  }

  show(button) {
    const keys = this.desktop.part("keys");
    keys.hidden = !keys.hidden;
    button.setAttribute("aria-expanded", String(!keys.hidden));
    if (!keys.hidden) this.field.focus();
  }

  send(keysym, code, down) {
    this.desktop.rfb?.sendKey(keysym, code || null, down);
  }

  /** Ctrl, Alt and Shift together give the keyboard back to the page. */
  leave(event) {
    if (!(event.ctrlKey && event.altKey && event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    const { rfb, words } = this.desktop;
    if (rfb && !rfb.viewOnly) dispatchEvent(new Event("blur")); // noVNC lets go of every key it holds
    rfb?.blur();
    this.desktop.part("hold")?.focus();
    this.desktop.say(words.left, "info");
  }

  press(button) {
    if (!button) return;
    const [keysym, code] = [Number(button.dataset.key), button.dataset.code];
    if (!("sticks" in button.dataset)) {
      this.send(keysym, code);
      this.release();
      return;
    }
    const down = !this.held.has(button);
    if (down) this.held.set(button, [keysym, code]);
    else this.held.delete(button);
    button.setAttribute("aria-pressed", String(down));
    this.send(keysym, code, down);
  }

  /** Held Ctrl, Alt and Shift hold for one key. */
  release() {
    this.held.forEach(([keysym, code], button) => {
      this.send(keysym, code, false);
      button.setAttribute("aria-pressed", "false");
    });
    this.held.clear();
  }

  empty() {
    this.before = this.field.value = HIDDEN_START;
    this.field.setSelectionRange(2, 2);
  }

  /** What changed in the field goes to the instrument: letters taken away, then letters added. */
  typed() {
    const [old, fresh] = [this.before, this.field.value];
    let same = 0;
    while (same < old.length && old[same] === fresh[same]) same += 1;
    for (let gone = old.length - same; gone > 0; gone -= 1) this.send(BACKSPACE, "Backspace");
    for (const letter of fresh.slice(same)) this.letter(letter);
    this.before = fresh;
    if (fresh.length < 2 || fresh.length > 60) this.empty();
  }

  letter(letter) {
    const point = letter.codePointAt(0);
    if (letter === "\n") this.send(ENTER, "Enter");
    else this.send(point < 0x100 ? point : 0x01000000 + point);
    this.release();
  }

  edited(event) {
    const button = this.desktop.root.querySelector(`[data-key][data-code="${event.key}"]:not([data-sticks])`);
    if (event.key === "Enter") this.letter("\n");
    else if (button && event.key !== "Tab") this.press(button);
    else return;
    event.preventDefault();
  }

  paste() {
    const { rfb, words, say } = this.desktop;
    const text = this.desktop.part("outgoing").value;
    if (!rfb || !text) return;
    rfb.clipboardPasteFrom(text);
    say(words.pasted, "ok");
  }

  copied(text) {
    const field = this.desktop.part("incoming");
    if (field) field.value = text.slice(0, 100000);
  }

  async copy() {
    const field = this.desktop.part("incoming");
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => undefined);
  }
}
