import * as simulator from "tcp-handshake";
import "tcp-handshake/element";
import "tcp-handshake/style.css";
import "./page.css";

let early;
try {
  simulator.simulate("normal");
} catch (error) {
  early = error.message;
}
await simulator.init();

const told = [];
const [first, second] = ["first", "second"].map((id) => {
  const player = simulator.mount(document.getElementById(id), { scenario: id === "first" ? "syn-lost" : "normal" });
  for (const name of ["play", "pause", "ended", "statechange", "scriptchange", "timeupdate"]) {
    player.on(name, (detail) => told.push([id, detail]));
  }
  return player;
});
Object.assign(window, { simulator, first, second, told, early });
document.documentElement.dataset.ready = "true";
