// A step of a table goes to that moment in the run below it, and its row is lit while the segment
// flies. Without this script a step is a link to the simulator.

/** How long before and after the moment that a step links to its segment flies. */
const FLIGHT_MS = 25;

for (const player of document.querySelectorAll("tcp-handshake[id]")) {
  const steps = [...document.querySelectorAll(`a[data-player="${player.id}"]`)].map((link) => ({
    link,
    row: link.closest("tr"),
    millis: Number.parseInt(new URLSearchParams(link.hash.slice(1)).get("t"), 10),
  }));

  const light = () => {
    for (const { row, millis } of steps) {
      const isFlying = Math.abs(player.currentTime - millis) <= FLIGHT_MS;
      if (isFlying) row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
    }
  };
  for (const type of ["timeupdate", "event", "pause", "ended"]) player.addEventListener(type, light);

  for (const { link, millis } of steps) {
    link.addEventListener("click", async (event) => {
      if (!player.seek || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      player.scrollIntoView({ block: "nearest" });
      await player.pause();
      await player.seek(millis);
      light();
    });
  }
}
