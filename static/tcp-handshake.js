// <tcp-handshake scenario="syn-lost">fallback</tcp-handshake>
//
// A custom element that shows a run of the simulator in a frame. Its children are a fallback: they
// are visible until the frame is ready. docs/embedding.md describes the format of the messages.

const SOURCE = "tcp-handshake";
const VERSION = 1;
const HELLO_EVERY_MS = 500;
const HELLO_TIMES = 20;
const NEAR = "600px";

/** Attributes that become parameters of the page. `do` is spelled as in links. */
const PARAMETERS = [
  "scenario", "part", "do", "rtt", "loss", "seed", "mss", "isn", "stack", "window", "msl", "rto",
  "t", "autoplay", "speed", "pauseon", "lang", "theme", "panels",
];
const OWN = ["src", "height", "label"];
const EVENTS = [
  "ready", "play", "pause", "ended", "timeupdate", "event", "statechange",
  "segmentselect", "scriptchange", "quiz", "error",
];

/** The default address of the page: the folder of this module. */
const HERE = new URL("./", import.meta.url).href;

export class TcpHandshakeElement extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = [...PARAMETERS, ...OWN];

  #frame = null;
  #origin = "";
  #ready = false;
  #seq = 0;
  #waiting = new Map();
  #queue = [];
  #hello = 0;
  #near = null;
  #state = {};
  #listener = (event) => this.#receive(event);

  constructor() {
    super();
    // The frame is in a shadow tree, so that the children stay as a framework left them.
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    if (!this.style.display) this.style.display = "block";
    this.#reserve();
    addEventListener("message", this.#listener);
    if (!("IntersectionObserver" in globalThis)) return this.#load();
    this.#near = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.#load();
    }, { rootMargin: NEAR });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    this.dispose();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    if (name === "height") this.#reserve();
    if (name === "label" && this.#frame) this.#frame.title = this.#label();
    if (!this.#frame || name === "height" || name === "label") return;
    if (name === "src") return this.#reload();
    const told = {
      lang: () => this.#ask("language", { to: after ?? this.#language() ?? "en" }),
      theme: () => this.#ask("theme", { to: after ?? "auto" }),
      speed: () => this.#ask("speed", { to: after ?? "1" }),
      t: () => this.seek(after ?? 0),
    }[name] ?? (() => this.load(this.#script()));
    told().catch(({ message }) => this.#tell("error", { code: "bad-attribute", message: `${name}: ${message}` }));
  }

  // Commands. Each waits until the frame is ready, and returns a promise of the state afterwards.
  play() { return this.#ask("play"); }
  pause() { return this.#ask("pause"); }
  toggle() { return this.#ask("toggle"); }
  /** Milliseconds, "S1.arrive", "50%", "300ms" or { chapter: "next" }. */
  seek(to) { return this.#ask("seek", { to }); }
  step(by = 1) { return this.#ask("step", { by }); }
  /** A scenario's id, or a link's text. */
  load(script) { return this.#ask("load", { script }); }
  /** "drop:C1", or { op: "drop", seg: "C1" }, with `by` for delay, dup and deliver. */
  edit(edit) { return this.#ask("edit", typeof edit === "string" ? { do: edit } : edit); }
  undo() { return this.#ask("undo"); }
  redo() { return this.#ask("redo"); }
  reset() { return this.#ask("reset"); }
  getState() { return this.#ask("getState"); }
  async getScript() { return (await this.#ask("getScript")).script; }

  get currentTime() { return this.#state.currentTime ?? 0; }
  get duration() { return this.#state.duration ?? NaN; }
  get paused() { return this.#state.paused ?? true; }

  /** Removes the frame and shows the fallback again. */
  dispose() {
    removeEventListener("message", this.#listener);
    clearInterval(this.#hello);
    this.#near?.disconnect();
    this.#frame?.remove();
    for (const { reject } of this.#waiting.values()) reject(new Error("disposed"));
    this.#waiting.clear();
    this.#queue = [];
    this.#frame = this.#near = null;
    this.#ready = false;
    this.#showFallback(true);
  }

  #reserve() {
    const height = Number.parseInt(this.getAttribute("height") ?? "460", 10);
    this.style.minHeight = `${Number.isFinite(height) ? Math.min(Math.max(height, 120), 4000) : 460}px`;
  }

  #label() {
    return this.getAttribute("label") ?? `TCP handshake: ${this.getAttribute("scenario") ?? "normal"} (interactive)`;
  }

  /** The language of the surrounding text, if declared. */
  #language() {
    return this.parentElement?.closest("[lang]")?.lang;
  }

  #script() {
    const values = PARAMETERS.filter((name) => this.hasAttribute(name))
      .map((name) => [name, this.getAttribute(name) || "1"]);
    const language = this.#language();
    if (language && !this.hasAttribute("lang")) values.push(["lang", language]);
    const pairs = values.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return ["scenario=normal", ...pairs].slice(this.hasAttribute("scenario") ? 1 : 0).join("&");
  }

  #load() {
    if (this.#frame) return;
    this.#near?.disconnect();
    const address = new URL(this.getAttribute("src") ?? HERE, document.baseURI);
    if (!/^https?:$/.test(address.protocol)) return this.#tell("error", { code: "bad-src", message: "src: http or https is needed" });
    address.searchParams.set("embed", "1");
    address.hash = this.#script();
    const frame = document.createElement("iframe");
    frame.title = this.#label();
    frame.allow = "fullscreen; clipboard-write";
    frame.style.cssText = `border:0;width:100%;display:block;height:${this.style.minHeight};position:absolute;visibility:hidden`;
    frame.src = address.href;
    this.#origin = address.origin;
    this.#frame = frame;
    this.shadowRoot.append(frame);
    let times = 0;
    this.#hello = setInterval(() => {
      if (this.#ready || ++times > HELLO_TIMES) return clearInterval(this.#hello);
      this.#send("hello", {});
    }, HELLO_EVERY_MS);
  }

  #reload() {
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    clearInterval(this.#hello);
    this.#showFallback(true);
    this.#load();
  }

  #showFallback(shown) {
    this.shadowRoot.firstChild.hidden = !shown;
  }

  #ask(type, fields = {}) {
    return new Promise((resolve, reject) => {
      const seq = ++this.#seq;
      this.#waiting.set(seq, { resolve, reject });
      this.#post(type, { ...fields, seq });
    });
  }

  #post(type, fields) {
    if (this.#ready) this.#send(type, fields);
    else this.#queue.push([type, fields]);
  }

  #send(type, fields) {
    // The opaque origin of a sandboxed frame cannot be named as a target. No message is secret.
    this.#frame?.contentWindow?.postMessage({ ...fields, src: SOURCE, v: VERSION, type }, "*");
  }

  #receive(event) {
    if (!this.#frame || event.source !== this.#frame.contentWindow) return;
    if (event.origin !== this.#origin && event.origin !== "null") return;
    const message = event.data;
    if (message?.src !== SOURCE || message.v !== VERSION || typeof message.type !== "string") return;
    if (message.type === "reply") return this.#answer(message);
    if (message.type === "ready") this.#begin(message);
    // Without a fallback, show the frame, which explains the error.
    if (message.type === "error" && !this.innerHTML.trim()) this.#show();
    if (message.type === "play") this.#state.paused = false;
    if (message.type === "pause" || message.type === "ended") this.#state.paused = true;
    for (const time of [message.currentTime, message.t]) {
      if (typeof time === "number") this.#state.currentTime = time;
    }
    const { src: _src, v: _version, type, ...detail } = message;
    if (EVENTS.includes(type)) this.#tell(type, detail);
  }

  #answer({ seq, ok, result, error }) {
    const waiting = this.#waiting.get(seq);
    if (ok && result?.duration !== undefined && !this.#ready) this.#begin(result);
    if (ok) Object.assign(this.#state, result);
    this.#waiting.delete(seq);
    if (!waiting) return;
    if (ok) waiting.resolve(result);
    else waiting.reject(new Error(error?.message ?? "refused"));
  }

  #show() {
    this.#showFallback(false);
    this.#frame.style.position = "static";
    this.#frame.style.visibility = "visible";
  }

  #begin({ duration }) {
    this.#state.duration = duration;
    if (this.#ready) return;
    this.#ready = true;
    clearInterval(this.#hello);
    this.#show();
    for (const [type, fields] of this.#queue.splice(0)) this.#send(type, fields);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

if (globalThis.customElements && !customElements.get("tcp-handshake")) {
  customElements.define("tcp-handshake", TcpHandshakeElement);
}
