// Calls that TypeScript must accept, and calls that it must reject.
import { exportAs, init, mount, simulate, type Player, type Trace } from "tcp-handshake";
import { TcpHandshakeElement } from "tcp-handshake/element";

await init(new URL("https://example.org/program.wasm"));
const trace: Trace = simulate({ scenario: "normal", do: ["drop:C1"], rtt: 80 });
const states: string[] = trace.steps.map((step) => step.after.state);
const table: string = exportAs("normal", "markdown", { lang: "ko", full: true });
const capture: Uint8Array = exportAs("normal", "pcapng", { at: "both" });
const player: Player = mount(document.body, "scenario=syn-lost");
player.on("statechange", ({ side, from, to, t }) => console.log(side.length + from.length + to.length + t));
const time: number = player.seek({ chapter: "next" }).currentTime;
const element: TcpHandshakeElement = document.createElement("tcp-handshake");
const state = await element.edit({ op: "delay", seg: "S1", by: 300 });
element.addEventListener("statechange", ({ detail }) => console.log(detail.side.length + detail.t));
element.addEventListener("error", ({ detail: { code, message } }) => console.log(code + message));
element.addEventListener("click", (event) => console.log(event.clientX));
element.addEventListener("anything", (event) => console.log(event.type));
console.log(states, table, capture, time, state.selected);

// @ts-expect-error there is no such format
exportAs("normal", "gif");
// @ts-expect-error there is no such event
player.on("explode", () => {});
// @ts-expect-error a player has no quiz
player.on("quiz", () => {});
// @ts-expect-error an event of this name has no such detail
element.addEventListener("statechange", ({ detail }) => console.log(detail.colour));
// @ts-expect-error there is no such parameter
simulate({ colour: "blue" });
