/** A time in ms, `"300ms"`, `"S1.arrive"`, `"C2.send"`, `"50%"`, or a chapter. */
export type SeekTarget = number | string | { chapter: "next" | "prev" | string };

/** What is changed about a run: as in links, or in parts. */
export type Edit =
  | string
  | { do: string }
  | { op: "drop" | "corrupt"; seg: string }
  | { op: "delay"; seg: string; by: number | string }
  /** `by` is how much later the copy arrives, or how long the flight takes. */
  | { op: "dup" | "deliver"; seg: string; by?: number | string };

/** Where a player is. Times are virtual time in ms. */
export interface PlayerState {
  currentTime: number;
  duration: number;
  paused: boolean;
  speed: number;
  step: number | null;
  client: string;
  server: string;
  selected: string | null;
  script: string;
}

export interface TcpHandshakeEventMap {
  ready: CustomEvent<{ duration: number; chapters: { id: string; t: number }[]; segments: string[] }>;
  play: CustomEvent<{ currentTime: number }>;
  pause: CustomEvent<{ currentTime: number }>;
  ended: CustomEvent<{ currentTime: number }>;
  timeupdate: CustomEvent<{ currentTime: number }>;
  event: CustomEvent<{ index: number; t: number }>;
  statechange: CustomEvent<{ side: "client" | "server"; from: string; to: string; t: number }>;
  segmentselect: CustomEvent<{ seg: string | null }>;
  scriptchange: CustomEvent<{ script: string }>;
  /** `correct` is null if the answer was shown instead of given. */
  quiz: CustomEvent<
    { correct: boolean | null } & ({ kind: "next"; index: number } | { kind: "loss"; seg: string })
  >;
  error: CustomEvent<{ code: string; message: string }>;
}

/** The attributes of the element: the parameters of a link, and three of its own. */
export interface TcpHandshakeAttributes {
  scenario?: string;
  do?: string;
  rtt?: number | string;
  loss?: number | string;
  seed?: number | string;
  mtu?: number | string;
  mss?: number | string;
  isn?: string;
  stack?: string;
  window?: number | string;
  msl?: number | string;
  rto?: string;
  sack?: string;
  ts?: string;
  wscale?: number | string;
  nodelay?: string;
  delack?: number | string;
  keepalive?: string;
  "user-timeout"?: number | string;
  rfc5961?: string;
  rfc1337?: string;
  reopen?: string;
  part?: string;
  t?: number | string;
  autoplay?: string;
  speed?: number | string;
  pauseon?: "none" | "chapter" | "event";
  lang?: string;
  theme?: "auto" | "light" | "dark";
  panels?: string;
  name?: string;
  task?: string;
  goal?: string;
  lock?: string;
  /** The address of the simulator. @default the folder of the script */
  src?: string;
  /** In pixels. @default 460 */
  height?: number | string;
  /** The title of the frame. */
  label?: string;
}

/** `<tcp-handshake scenario="syn-lost">fallback</tcp-handshake>`. Importing it on a server is safe. */
export class TcpHandshakeElement extends HTMLElement {
  play(): Promise<PlayerState>;
  pause(): Promise<PlayerState>;
  toggle(): Promise<PlayerState>;
  seek(to: SeekTarget): Promise<PlayerState>;
  /** @default 1 */
  step(by?: number): Promise<PlayerState>;
  /** A scenario's id, or a link's text such as `scenario=normal&do=drop:C1`. */
  load(script: string): Promise<PlayerState>;
  edit(edit: Edit): Promise<PlayerState>;
  undo(): Promise<PlayerState>;
  redo(): Promise<PlayerState>;
  reset(): Promise<PlayerState>;
  getState(): Promise<PlayerState>;
  getScript(): Promise<string>;
  readonly currentTime: number;
  readonly duration: number;
  readonly paused: boolean;
  dispose(): void;
  addEventListener<Name extends keyof TcpHandshakeEventMap>(
    type: Name,
    listener: (this: TcpHandshakeElement, event: TcpHandshakeEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: HTMLElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof TcpHandshakeEventMap>(
    type: Name,
    listener: (this: TcpHandshakeElement, event: TcpHandshakeEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: HTMLElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** The element in JSX: its attributes, and those that every element has. */
export interface TcpHandshakeJsx extends TcpHandshakeAttributes {
  children?: unknown;
  class?: string;
  className?: string;
  id?: string;
  key?: string | number | null;
  ref?: unknown;
  slot?: string;
  style?: unknown;
}

declare global {
  interface HTMLElementTagNameMap {
    "tcp-handshake": TcpHandshakeElement;
  }
  // React 18 and other frameworks. React 19 has its own: see react.d.ts.
  namespace JSX {
    interface IntrinsicElements {
      "tcp-handshake": TcpHandshakeJsx;
    }
  }
}
