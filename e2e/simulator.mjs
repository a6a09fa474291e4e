// The page from a user's view: controls by role and accessible name, in the words of
// static/words, and the `data-` attributes of the DOM.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** A file of words in a language. */
export const readWords = (language, file) =>
  JSON.parse(readFileSync(new URL(`../static/words/${language}/${file}.json`, import.meta.url), 'utf8'));

/** The texts of two catalogs, which have no key in common. */
function merged(some, others) {
  const isTree = (value) => typeof value === 'object';
  const entries = Object.entries(others)
    .map(([name, value]) => [name, isTree(some[name]) && isTree(value) ? merged(some[name], value) : value]);
  return { ...some, ...Object.fromEntries(entries) };
}

/** The words of the player and of the panels around it. */
export const WORDS = Object.fromEntries(
  ['en', 'ko'].map((language) => [language, merged(readWords(language, 'start'), readWords(language, 'page'))]),
);

/** The text of a dotted key with every `{name}` replaced. */
export function text(key, values = {}, language = 'en') {
  const found = key.split('.').reduce((words, name) => words?.[name], WORDS[language]);
  assert.equal(typeof found, 'string', `${language}.json has no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A pattern that matches the text of a key with any values for its `{name}`s. */
export function pattern(key, language = 'en') {
  const literal = (piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(text(key, {}, language).split(/\{\w+\}/).map(literal).join('.+'));
}

/** Every lesson, in the order of the locale file. The blank scenario has nothing to show. */
export const SCENARIOS = Object.keys(WORDS.en.scenario).filter((id) => id !== 'blank');

/** One open page. */
export class Simulator {
  constructor(page, language = 'en') {
    this.page = page;
    this.language = language;
    this.player = page.locator('[data-time]');
  }

  /** Opens `target` with a test's `open`, and waits until the run is drawn. */
  static async open(open, target, options = {}) {
    const language = options.locale?.startsWith('ko') ? 'ko' : 'en';
    const simulator = new Simulator(await open(target, options), language);
    await simulator.player.waitFor();
    return simulator;
  }

  text(key, values) {
    return text(key, values, this.language);
  }

  /** Goes to a link; as in a browser, the page is not reloaded if only the fragment changes. */
  async go(target) {
    if (!target.startsWith('#')) {
      await this.page.goto(this.page.url().replace(/[?#].*/, '') + target);
      await this.player.waitFor();
      return;
    }
    await this.page.evaluate((hash) => new Promise((done) => {
      const painted = () => requestAnimationFrame(() => requestAnimationFrame(done));
      addEventListener('hashchange', painted, { once: true });
      // Setting the fragment to the same value fires no event.
      history.replaceState(null, '', '#-');
      location.hash = hash;
    }), target);
  }

  /** A control by its role and the key of its name. */
  control(role, key, values) {
    return this.page.getByRole(role, { name: this.text(key, values), exact: true });
  }

  button(key, values) {
    return this.control('button', key, values);
  }

  /** Presses a button. */
  press(key, values) {
    return this.button(key, values).click();
  }

  /** A button of the transport, which may share its name with another. */
  transport(key) {
    return this.control('group', 'ui.transport.title').getByRole('button', {
      name: this.text(`ui.transport.${key}`), exact: true,
    });
  }

  /** Replaces the text of a field key by key, as a viewer does. */
  async type(field, text) {
    await field.press('ControlOrMeta+a');
    await field.pressSequentially(text);
  }

  /** The instant that is shown, in ms. */
  async time() {
    return Number(await this.player.getAttribute('data-time'));
  }

  async isPlaying() {
    return (await this.player.getAttribute('data-playing')) === 'true';
  }

  /** Waits until the page has painted all changes so far. */
  untilPainted() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** Waits until the player shows this instant. */
  untilTime(millis) {
    return this.page.locator(`[data-time="${millis}"]`).waitFor();
  }

  /** Waits until the player shows a later instant. */
  untilAfter(millis) {
    return this.page.waitForFunction(
      (earlier) => Number(document.querySelector('[data-time]').dataset.time) > earlier,
      millis,
    );
  }

  untilPaused() {
    return this.page.locator('[data-playing="false"]').waitFor();
  }

  untilPlaying() {
    return this.page.locator('[data-playing="true"]').waitFor();
  }

  host(side) {
    return this.page.locator(`[data-host="${side}"]`).first();
  }

  state(side) {
    return this.host(side).getAttribute('data-state');
  }

  /** Waits until the host is in this state. */
  untilState(side, state) {
    return this.page.locator(`[data-host="${side}"][data-state="${state}"]`).first().waitFor();
  }

  segment(id) {
    return this.page.locator(`[data-segment="${id}"][data-fate]`);
  }

  /** The moving part of a segment in flight. */
  token(id) {
    return this.page.locator(`[data-token="${id}"] .segment__token`).last();
  }

  fate(id) {
    return this.segment(id).getAttribute('data-fate');
  }

  untilFate(id, fate) {
    return this.page.locator(`[data-segment="${id}"][data-fate="${fate}"]`).waitFor({ state: 'attached' });
  }

  /** Waits until no segment of this name is drawn. */
  untilGone(id) {
    return this.segment(id).waitFor({ state: 'detached' });
  }

  /** Every segment that is drawn, in the order in which they were sent. */
  segments() {
    return this.page.locator('[data-segment][data-fate]').evaluateAll((nodes) =>
      nodes.map((node) => node.getAttribute('data-segment')),
    );
  }

  /** Clicks on a segment: on its token while in flight, otherwise on the middle of its line. */
  async click(id) {
    const segment = this.segment(id);
    await segment.scrollIntoViewIfNeeded();
    const { x, y } = await segment.evaluate(async (node) => {
      const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      await painted();
      const { segment } = node.dataset;
      const token = document.querySelector(`[data-token="${segment}"] .segment__token`)?.getBoundingClientRect();
      if (token) return { x: token.x + token.width / 2, y: token.y + token.height / 2 };
      const line = node.querySelector('.segment__hit');
      const middle = line.getPointAtLength(line.getTotalLength() / 2);
      // A DOMPoint has no properties of its own, so it cannot be returned itself.
      const point = middle.matrixTransform(line.getScreenCTM());
      return { x: point.x, y: point.y };
    });
    await this.page.mouse.click(x, y);
    await this.actions(id).waitFor();
  }

  /** The sentence about the current event. */
  sentence() {
    return this.control('region', 'ui.explanation.title');
  }

  /** Waits until the sentence is the text of a key. */
  untilSays(key) {
    return this.sentence().getByText(pattern(key, this.language)).first().waitFor();
  }

  /** Opens a panel by the id of its tab, and returns it. */
  async panel(id) {
    await this.control('tab', `ui.tabs.${id}`).click();
    return this.control('tabpanel', `ui.tabs.${id}`);
  }

  /** The line of the log for the current event. */
  async logged() {
    const log = await this.panel('log');
    return log.locator('[aria-current="step"]').innerText();
  }

  /** A host's cell in the TCB's table. */
  async variable(name, side) {
    const row = this.control('region', 'ui.tcb.title').getByRole('row', { name: new RegExp(`^${name}\\b`) });
    return row.getByRole('cell').nth(side === 'client' ? 0 : 1).innerText();
  }

  /** The chip of an edit, by its words. */
  chip(words) {
    return this.control('region', 'ui.script.title').getByRole('listitem').filter({ hasText: words });
  }

  /** The notice that lists the problems of the link. */
  problems() {
    return this.page.getByRole('alert').filter({ hasText: this.text('ui.problems.title') });
  }

  /** Opens the list of scenarios and chooses one. */
  async choose(scenario) {
    await this.page.getByRole('button', { name: this.text('ui.picker.label') }).click();
    const name = this.text(`scenario.${scenario}.title`);
    const question = this.text(`scenario.${scenario}.question`);
    await this.page.getByRole('menuitemradio', { name: `${name} ${question}` }).click();
  }

  /** The title that the picker's button shows. */
  chosen(scenario) {
    const name = `${this.text('ui.picker.label')}: ${this.text(`scenario.${scenario}.title`)}`;
    return this.page.getByRole('button', { name });
  }

  /** The bar of actions on a segment. */
  actions(id) {
    return this.control('group', 'ui.actions.title', { id });
  }

  /** Opens the application's menu of a host. */
  async openMenu(side) {
    await this.press('ui.host.commands', { host: this.text(`ui.host.${side}`) });
  }

  /** Makes the application of a host do something now. */
  async call(side, call) {
    await this.openMenu(side);
    await this.choice(side, call).click();
  }

  /** The open menu of a host. */
  menu(side) {
    return this.control('group', 'ui.host.commands', { host: this.text(`ui.host.${side}`) });
  }

  choice(side, call) {
    const name = `${this.text(`ui.host.${call}`)} ${this.text(`ui.host.${call}-hint`)}`;
    return this.menu(side).getByRole('button', { name, exact: true });
  }

  /** The field beside a choice: the number of bytes. */
  octets(call) {
    const name = `${this.text(`ui.host.${call}`)}, ${this.text('ui.host.octets')}`;
    return this.page.getByRole('spinbutton', { name, exact: true });
  }

  /** Drops a file onto the page. */
  async drop(name, text) {
    const dataTransfer = await this.page.evaluateHandle(([name, text]) => {
      const data = new DataTransfer();
      const bytes = typeof text === 'string' ? text : Uint8Array.from(atob(text.base64), (it) => it.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: 'text/plain' }));
      return data;
    }, [name, typeof text === 'string' ? text : { base64: text.toString('base64') }]);
    await this.page.dispatchEvent('main', 'dragover', { dataTransfer });
    await this.page.locator('html[data-file-held]').waitFor();
    await this.page.dispatchEvent('main', 'drop', { dataTransfer });
    assert.equal(await this.page.locator('html[data-file-held]').count(), 0);
  }

  /** The address's parameters, from its fragment. */
  async link() {
    return new URLSearchParams((await this.fragment()).slice(1));
  }

  /** The address's fragment, with its `#`. */
  fragment() {
    return this.page.evaluate(() => location.hash);
  }

  /** Waits until a parameter of the address has this value. */
  untilLink(parameter, value, options) {
    return this.page.waitForFunction(
      ([name, wanted]) => new URLSearchParams(location.hash.slice(1)).get(name) === wanted,
      [parameter, value],
      options,
    );
  }

  /** Presses Tab until a control has the focus; does nothing if it already has the focus. */
  async reach(control, key = 'Tab') {
    for (let count = 0; count < 90; count += 1) {
      if (await control.evaluateAll((nodes) => nodes.includes(document.activeElement))) return;
      await this.page.keyboard.press(key);
    }
    assert.fail(`Tab does not come to ${control}`);
  }

  /** Presses Tab, at least once, until the focused element matches `selector`. */
  async tabTo(selector, { backwards = false, most = 80 } = {}) {
    for (let count = 0; count < most; count += 1) {
      await this.page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab');
      const isThere = await this.page.evaluate(
        (wanted) => document.activeElement?.matches(wanted) ?? false,
        selector,
      );
      if (isThere) return;
    }
    assert.fail(`Tab does not come to ${selector}`);
  }

  /**
   * Remembers, from now on, every change of a host's state and of a segment's fate, as
   * `client SYN-SENT` and `C1 flying`, in order.
   */
  async record() {
    await this.page.evaluate(() => {
      window.recorded = [];
      const note = (node) => {
        const name = node.dataset.host ?? node.dataset.segment;
        const value = node.dataset.state ?? node.dataset.fate;
        const entry = `${name} ${value}`;
        const last = window.recorded.findLast((other) => other.startsWith(`${name} `));
        if (last !== entry) window.recorded.push(entry);
      };
      new MutationObserver((changes) => {
        for (const { target } of changes) note(target);
      }).observe(document.body, { subtree: true, attributeFilter: ['data-state', 'data-fate'] });
    });
  }

  /** Waits until this was recorded: a state or fate that may be over before a locator looks for it. */
  untilRecorded(name, value) {
    return this.page.waitForFunction((entry) => window.recorded.includes(entry), `${name} ${value}`);
  }

  /** What was recorded about one host or segment, or about all. */
  async recorded(name) {
    const all = await this.page.evaluate(() => window.recorded);
    const prefix = `${name} `;
    return name ? all.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length)) : all;
  }
}
