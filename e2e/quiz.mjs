// The quiz on an open page: its card, its fields, and the answers that the trace of a run gives.

import assert from 'node:assert/strict';
import { commandLine } from './command.mjs';
import { Simulator, readWords } from './simulator.mjs';

const WORDS = Object.fromEntries(['en', 'ko'].map((language) => [language, readWords(language, 'quiz')]));
/** In the order of the list. */
export const STATES = [
  'CLOSED', 'LISTEN', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT',
  'CLOSING', 'LAST-ACK', 'TIME-WAIT',
];

/**
 * The questions about a run, from its trace: at each step the segment sent, or else the new state, and
 * after a loss who acts first. The calls that open, and a SYN that they send, are not asked about.
 */
export function questions(link) {
  const { segments, steps } = JSON.parse(commandLine('--format', 'json', link));
  const states = { client: 'CLOSED', server: 'CLOSED' };
  let isLost = false;
  return steps.flatMap(({ at, host, cause, effects, after }, step) => {
    const before = states[host];
    states[host] = after.state;
    isLost ||= cause.type === 'loss';
    const id = effects.find(({ sent }) => sent)?.sent;
    const segment = segments.find((other) => other.id === id);
    const state = after.state === before ? undefined : after.state;
    if (!segment && !state) return [];
    const asked = [];
    const time = at / 1000;
    if (isLost && cause.type === 'timer' && segment) {
      asked.push({ at: steps[step - 1].at / 1000, host, acts: time, segment, step });
    }
    isLost = false;
    const opens = cause.call === 'passive-open' || (cause.type === 'call' && segment?.flags.includes('SYN'));
    if (!opens) asked.push({ at: time, host, segment, state, step });
    return asked;
  });
}

/** The segments that a host sends and receives in a run, according to its trace. */
export function capture(link, host) {
  const { segments } = JSON.parse(commandLine('--format', 'json', link));
  const seen = segments.flatMap(({ from, flags, seq, ack, length, sentAt, arrivesAt }) => {
    const [at, way] = from === host ? [sentAt, 'sent'] : [arrivesAt, 'received'];
    const names = flags.filter((flag) => flag !== 'PSH').join(',');
    const numbers = `seq ${seq}${ack === null ? '' : ` ack ${ack}`}${length ? ` len ${length}` : ''}`;
    return at === null ? [] : [{ at: at / 1000, way, text: `${names} ${numbers}` }];
  });
  // At the same instant an arrival comes before the segments sent in response.
  return seen.sort((a, b) => a.at - b.at || a.way.localeCompare(b.way));
}

export class Quiz extends Simulator {
  static async open(...target) {
    const { page, language } = await Simulator.open(...target);
    return new Quiz(page, language);
  }

  get card() {
    return this.control('group', 'ui.quiz.title');
  }

  get toggle() {
    return this.button('ui.quiz.title');
  }

  word(key, values = {}) {
    const [section, name] = key.includes('.') ? key.split('.') : ['quiz', key];
    let words = WORDS[this.language][section][name];
    if (typeof words !== 'string') words = words[values.count === 1 ? 'one' : 'other'];
    return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  title(key, values) {
    return this.card.getByRole('heading', { name: this.word(key, values), exact: true });
  }

  hit(key) {
    return this.card.getByRole('button', { name: this.word(key), exact: true }).click();
  }

  field(key) {
    const role = key === 'state' ? 'combobox' : 'textbox';
    return this.card.getByRole(role, { name: this.word(key), exact: true });
  }

  flag(name) {
    return this.card.getByRole('checkbox', { name, exact: true });
  }

  async start() {
    await this.toggle.click();
    await this.card.getByRole('heading').waitFor();
  }

  /** The cells of the result, row by row. */
  result() {
    return this.card.locator('tbody tr').evaluateAll((rows) =>
      rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join(' | ')),
    );
  }

  /** Switches to the question about a lost segment. */
  async findLoss() {
    await this.start();
    await this.hit('loss.find');
    await this.title('loss.ask').waitFor();
  }

  get lost() {
    return this.card.getByRole('combobox', { name: this.word('loss.segment'), exact: true });
  }

  /** The list of what a host saw. */
  seen() {
    return this.card.locator('.quiz__seen .quiz__line').evaluateAll((lines) => lines.map((line) => {
      const [value, unit] = line.querySelector('.quiz__time').textContent.split(' ');
      return {
        at: Math.round(Number(value) * (unit === 's' ? 1e6 : 1e3)) / 1e3,
        way: line.querySelector('.visually-hidden').textContent,
        text: line.querySelector('[lang]').textContent,
      };
    }));
  }

  /** The possible answers, and the right ones among them for the list of each host. */
  async answers(link) {
    const host = (await this.card.locator('#quiz-saw').innerText()).includes(this.text('explain.client'))
      ? 'client' : 'server';
    const values = await this.lost.locator('option').evaluateAll((options) => options.map(({ value }) => value));
    const choices = values.filter(Boolean);
    const seen = JSON.stringify(await this.seen());
    const before = Number((await this.card.locator('.quiz__rest').first().innerText()).match(/\d+/)?.[0] ?? 0);
    const right = choices.filter((id) => JSON.stringify(capture(`${link}&do=drop:${id}`, host).slice(before)) === seen);
    return { choices, right, host: this.text(`explain.${host}`) };
  }

  /** Waits until this has the focus, which is set only after drawing. */
  untilFocused(id) {
    return this.page.waitForFunction((wanted) => document.activeElement.id === wanted, id);
  }

  /** All text of the page and every accessible name, without the list of edits. */
  words() {
    return this.page.evaluate(() => {
      const page = document.querySelector('.page').cloneNode(true);
      page.querySelector('.edits').remove();
      const names = [...page.querySelectorAll('[aria-label], [title], [aria-valuetext]')].flatMap((node) =>
        ['aria-label', 'title', 'aria-valuetext'].map((name) => node.getAttribute(name)),
      );
      return [page.textContent, ...names.filter(Boolean)].join('\n');
    });
  }

  /** Waits, a second at most, until no text and no accessible name of the page has this word. */
  async untilUnsaid(word) {
    const said = new RegExp(`\\b${word}\\b`);
    const end = Date.now() + 1_000;
    while (said.test(await this.words()) && Date.now() < end) await this.page.waitForTimeout(50);
    assert.doesNotMatch(await this.words(), said, word);
  }
}
