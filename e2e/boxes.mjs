// The boxes of all words on the ladder and above the timeline, and which of them overlap.

/** What is measured: words, and the plates, chips and tokens that hold words. */
const MEASURED = {
  label: '.segment__label',
  token: '.segment__pill',
  plate: '.segment__tag rect',
  state: '.state-chip',
  mark: '.lifeline__mark',
  fold: '.lifeline__fold-plate',
  now: '.now__plate',
  timer: '.now__timer-plate',
  time: '.lifeline__ruler',
  band: '.band__name',
  outage: '.lifeline__outage-name',
  chapter: '.scrubber__chapter',
};

/** Pairs of boxes that overlap, each as `label "C1 SYN" on state "LISTEN"`. */
export const overlaps = (page) => page.evaluate((measured) => {
  /** Less than this many pixels of two boxes may overlap: glyphs do not fill their boxes. */
  const SLACK = { text: 3.2, box: 0.7 };
  const isDrawn = (node) => {
    const style = getComputedStyle(node);
    return style.visibility === 'visible' && style.display !== 'none' && node.getClientRects().length > 0;
  };
  /** The corners of an element on the screen, its box made smaller by the slack. */
  const corners = (node) => {
    if (!(node instanceof SVGGraphicsElement)) {
      const { left, top, right, bottom } = node.getBoundingClientRect();
      return [[left, top], [right, top], [right, bottom], [left, bottom]];
    }
    const { x, y, width, height } = node.getBBox();
    const slack = node.querySelector('rect') || node.tagName === 'rect' ? SLACK.box : SLACK.text;
    const [left, right] = [x + SLACK.box, x + width - SLACK.box];
    const [top, bottom] = [y + slack, y + height - slack];
    const matrix = node.getScreenCTM();
    return [[left, top], [right, top], [right, bottom], [left, bottom]].map(([px, py]) => {
      const point = new DOMPoint(px, py).matrixTransform(matrix);
      return [point.x, point.y];
    });
  };
  /** Whether its middle is in sight, not scrolled away behind something else. */
  const view = document.querySelector('.ladder__scroller').getBoundingClientRect();
  const isSeen = ({ kind, corners: points }) => {
    const y = points.reduce((sum, point) => sum + point[1] / 4, 0);
    return kind === 'chapter' || (y > view.top && y < view.bottom);
  };
  const text = (node) => (node.textContent || node.parentNode.textContent).trim();
  const boxes = Object.entries(measured).flatMap(([kind, selector]) =>
    [...document.querySelectorAll(selector)].filter(isDrawn)
      .map((node) => ({ kind, text: text(node), corners: corners(node) }))
      .filter(isSeen));
  /** Whether no straight line separates two convex shapes. */
  const meets = (one, other) => [one, other].every((shape) => shape.every(([x, y], index) => {
    const [nextX, nextY] = shape[(index + 1) % shape.length];
    const extent = (points) => {
      const places = points.map(([px, py]) => px * (y - nextY) + py * (nextX - x));
      return [Math.min(...places), Math.max(...places)];
    };
    const [[from, to], [otherFrom, otherTo]] = [extent(one), extent(other)];
    return to > otherFrom && otherTo > from;
  }));
  return boxes.flatMap((one, index) => boxes.slice(index + 1)
    .filter((other) => meets(one.corners, other.corners))
    .map((other) => `${one.kind} "${one.text}" on ${other.kind} "${other.text}"`));
}, MEASURED);
