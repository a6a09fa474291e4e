import type { Edit, PlayerState, SeekTarget, TcpHandshakeEventMap } from "./element.js";

export type { Edit, PlayerState, SeekTarget };

/**
 * Loads the program, once; everything else needs it. Bundlers and browsers find it by themselves.
 * Elsewhere give its address, its bytes or a response: `init(await readFile(…/program.wasm))`.
 */
export function init(source?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/** The parameters of a link. What is left out is the default; what is unknown is an error. */
export interface Parameters {
  scenario?: string;
  /** One part of the run alone. */
  part?: "open" | "data" | "close" | "half-close" | "time-wait" | "reset";
  /** Edits such as `"drop:C1"`, in their order. */
  do?: string | string[];
  /** Milliseconds, or a text such as `"80ms"`. */
  rtt?: number | string;
  /** Per cent. */
  loss?: number | string;
  seed?: number | string;
  /** The longest datagram that the network carries, in bytes. */
  mtu?: number | string;
  mss?: number | string;
  /** The initial sequence numbers of the client and of the server. */
  isn?: [number, number] | string;
  stack?: "rfc9293" | "linux";
  window?: number | string;
  msl?: number | string;
  /** The floor and the cap of RTO. */
  rto?: [number | string, number | string] | string;
  /** `on` or `off`; `C:on` or `S:on` for one host, `on,off` for each. */
  sack?: string;
  /** Timestamps, as for `sack`. */
  ts?: string;
  /** `off` or 0 to 14 bits, for the hosts as for `sack`. */
  wscale?: number | string;
  /** Whether Nagle's algorithm is off, as for `sack`. */
  nodelay?: string;
  /** `off`, or how long an ACK may wait, for the hosts as for `sack`. */
  delack?: number | string;
  /** `off`, `on`, or idle time, interval and probes such as `60s-10s-3`, as for `sack`. */
  keepalive?: string;
  /** `off`, or how long data may stay unacknowledged, as for `sack`. */
  'user-timeout'?: number | string;
  /** Challenge ACKs, as for `sack`. */
  rfc5961?: string;
  /** Whether TIME-WAIT ignores RST, as for `sack`. */
  rfc1337?: string;
  /** Whether a new SYN opens a connection from TIME-WAIT, as for `sack`. */
  reopen?: string;
  t?: number | string;
  autoplay?: 0 | 1;
  /** Where it pauses while it plays. */
  pauseOn?: "none" | "chapter" | "event";
  speed?: 0.1 | 0.25 | 0.5 | 1 | 2 | 4 | string;
  lang?: "en" | "ko";
  theme?: "auto" | "light" | "dark";
  /** The run's own name; the title of an assignment. */
  name?: string;
  /** What an assignment asks for, in words. */
  task?: string;
  /** The goals of an assignment, such as `"S:LAST-ACK@10s"`. */
  goal?: string | string[];
  /** What the solver of an assignment must not change, such as `"2,drop"`. */
  lock?: string;
}

/** A scenario's id, a link's text such as `scenario=normal&do=drop:C1`, or its parameters. */
export type Scenario = string | Parameters;

/** `"C1"` is the client's first transmission, `"S2"` the server's second. */
export type SegmentId = string;

/** A transmission. Times are virtual time in microseconds. */
export interface Segment {
  id: SegmentId;
  from: "client" | "server";
  flags: string[];
  seq: number;
  ack: number | null;
  window: number;
  mss: number | null;
  windowScale: number | null;
  /** Present if true. */
  sackPermitted?: boolean;
  /** TSval and TSecr, where the segment has the option. */
  timestamps?: { value: number; echo: number };
  /** The ranges of the SACK option, each from its first number to the one after its last. */
  sack?: [number, number][];
  length: number;
  text: string;
  sentAt: number;
  arrivesAt: number | null;
  copyArrivesAt: number | null;
  lostAt: number | null;
  lostBy: string | null;
  delayedBy: number;
  repeats: SegmentId | null;
  rule: string | null;
}

/** Something that happened at a host, and what it made the host do. */
export interface Step {
  at: number;
  host: "client" | "server";
  cause: { type: "arrival" | "loss" | "call" | "timer"; [detail: string]: unknown };
  effects: { [detail: string]: unknown }[];
  after: { state: string; timers: Record<string, number>; [field: string]: unknown };
}

/** A whole run, as trace.schema.json of the project's documents has it. */
export interface Trace {
  version: 1;
  link: string;
  scenario: string;
  edits: string[];
  segments: Segment[];
  steps: Step[];
  ending: "open" | "quiet" | "step-limit";
}

/** Runs a scenario. */
export function simulate(scenario: Scenario): Trace;

export interface ExportOptions {
  /** The language of words; else the scenario's, else English. */
  lang?: "en" | "ko";
  /** Markdown: every number and state. */
  full?: boolean;
  /** pcapng and packetdrill: whose. */
  at?: "client" | "server" | "both";
  /** Markdown: the page that the table links to. */
  page?: string;
  /** Pictures: 640 pixels, or 360 for a phone. */
  width?: 640 | 360;
  /** Pictures: the colours; `auto`, the default, follows the reader's system. */
  theme?: "light" | "dark" | "auto";
  /** Pictures: whether chapters have their names; true by default. */
  captions?: boolean;
  /** Pictures: whether the sentence of each step is added below. */
  sentences?: boolean;
}

export type TextFormat = "markdown" | "json" | "mermaid" | "svg" | "svg-animated" | "packetdrill";

/** Runs a scenario, and gives a file of it. */
export function exportAs(scenario: Scenario, format: TextFormat, options?: ExportOptions): string;
export function exportAs(scenario: Scenario, format: "pcapng", options?: ExportOptions): Uint8Array;

type Detail = { [Name in keyof TcpHandshakeEventMap]: TcpHandshakeEventMap[Name]["detail"] & { type: Name } };
/** A player's events, by name. It has no `quiz` event, and errors are thrown. */
export type PlayerEvents = Omit<Detail, "ready" | "error" | "quiz">;

/** A player. What it cannot do throws an Error that begins with the field at fault. */
export interface Player {
  play(): PlayerState;
  pause(): PlayerState;
  toggle(): PlayerState;
  seek(to: SeekTarget): PlayerState;
  /** @default 1 */
  step(by?: number): PlayerState;
  load(scenario: Scenario): PlayerState;
  edit(edit: Edit): PlayerState;
  undo(): PlayerState;
  redo(): PlayerState;
  /** Without edits, at the start. */
  reset(): PlayerState;
  speed(to: 0.1 | 0.25 | 0.5 | 1 | 2 | 4): PlayerState;
  language(to: "en" | "ko"): PlayerState;
  theme(to: "auto" | "light" | "dark"): PlayerState;
  getState(): PlayerState;
  on<Name extends keyof PlayerEvents>(name: Name, listener: (event: PlayerEvents[Name]) => void): void;
  off<Name extends keyof PlayerEvents>(name: Name, listener: (event: PlayerEvents[Name]) => void): void;
  /** Takes it out of the document. Every other method throws from then on. */
  dispose(): void;
}

/** Shows a player in an element, after what is there. Its looks are style.css. */
export function mount(element: Element, options?: Scenario): Player;
