//! packetdrill scripts: the panel in which a script is written, and the listing beside its run.

use std::rc::Rc;

use tcp_handshake_html::{classes, html};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::app::{Action, Complaint, Draft, Look, Open, Run, Script};
use crate::locale::{self, Catalog};
use crate::packetdrill::{Stack, Verdict};
use crate::ui::browser::focus::{follow, use_modal};
use crate::ui::import;
use crate::ui::page::{Page, Shared};

/// The most remarks that are listed.
const MOST_NOTES: usize = 50;

/// The properties of [`ScriptPanel`].
#[derive(Properties, PartialEq)]
pub struct ScriptPanelProps {
    /// The text so far, and whether the panel is open.
    pub draft: Draft,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The panel, in which a script is pasted or chosen as a file, and run.
#[component]
pub fn ScriptPanel(props: &ScriptPanelProps) -> Html {
    let ScriptPanelProps { draft, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let (dialog, field, stack) = (use_node_ref(), use_node_ref(), use_node_ref());
    use_modal(&dialog, draft.is_open);
    use_text(&field, draft);
    let text = |key: &str| catalog.text(key).to_owned();
    let written = {
        let (field, stack) = (field.clone(), stack.clone());
        move || (text_in(&field), stack_in(&stack))
    };
    let onsubmit = {
        let (dispatch, written) = (dispatch.clone(), written.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (text, stack) = written();
            dispatch.emit(Action::Open(Open::Script(text, stack)));
        })
    };
    let typed = written.clone();
    // The text is kept however the dialog is closed.
    let onclose = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: Event| {
            let (text, stack) = written();
            dispatch.emit(Action::Look(Look::Draft(text, stack)));
            dispatch.emit(Action::Look(Look::ShowDraft(false)));
        })
    };
    let cancel = dispatch.reform(|_: MouseEvent| Action::Look(Look::ShowDraft(false)));
    // Any input cancels the run that is awaited.
    let oninput = {
        let (dispatch, is_awaited) = (dispatch.clone(), draft.is_awaited);
        Callback::from(move |_: InputEvent| {
            if is_awaited {
                let (text, stack) = typed();
                dispatch.emit(Action::Look(Look::Draft(text, stack)));
            }
        })
    };
    // The page's shortcuts do not apply in the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let complaint = draft.complaint.as_ref().map(|complaint| complaint_words(complaint, catalog));
    html! {
        <dialog ref={dialog} class="draft" aria-labelledby="draft-title" {onclose} {onkeydown}>
            <form class="draft__form" method="dialog" {onsubmit} {oninput}>
                <h2 id="draft-title" class="panel__title">{ text("ui.packetdrill.title") }</h2>
                <p>{ text("ui.packetdrill.intro") }</p>
                <label class="draft__label" for="draft-text">{ text("ui.packetdrill.text") }</label>
                <textarea ref={field} id="draft-text" class="draft__text" spellcheck="false"
                    autocapitalize="off" autocomplete="off" rows="14" wrap="off"
                    aria-describedby="draft-complaint"
                    aria-invalid={complaint.is_some().then_some("true")} />
                <p id="draft-complaint" class="draft__complaint" role="alert">{ complaint }</p>
                { choices(draft, &stack, page) }
                <p class="draft__hint">{ text("ui.packetdrill.not-in-link") }</p>
                <p class="draft__hint" role="status">
                    if draft.is_awaited {
                        { text("ui.packetdrill.awaited") }
                    }
                </p>
                <div class="draft__row draft__row--end">
                    <button type="button" class="button" onclick={cancel}>
                        { text("ui.packetdrill.cancel") }
                    </button>
                    <button type="submit" class="button button--primary">
                        { text("ui.packetdrill.run") }
                    </button>
                </div>
            </form>
        </dialog>
    }
}

/// The choice of a file to read, and of the stack whose defaults the script expects.
fn choices(draft: &Draft, stack: &NodeRef, page: &Page) -> Html {
    let text = |key: &str| page.catalog.text(key).to_owned();
    let onfile = {
        let dispatch = page.dispatch.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                import::read(file, dispatch.clone());
            }
            // Without this the browser would not report the same file again after it was edited.
            input.set_value("");
        })
    };
    let name = |stack| match stack {
        Stack::FreeBsd => "FreeBSD",
        Stack::Linux => "Linux",
        Stack::Rfc9293 => "RFC 9293",
    };
    html! {
        <div class="draft__row">
            <label>{ text("ui.packetdrill.file") }{ " " }
                <input type="file" accept=".pkt,.txt,.json,text/plain" onchange={onfile} />
            </label>
            <label>{ text("ui.packetdrill.stack") }{ " " }
                <select ref={stack.clone()}>
                    { for Stack::ALL.map(|stack| html! {
                        <option value={stack.id()} selected={stack == draft.stack}>
                            { name(stack) }
                        </option>
                    }) }
                </select>
            </label>
        </div>
    }
}

fn complaint_words(complaint: &Complaint, catalog: &Catalog) -> String {
    match complaint {
        Complaint::TooLong { octets, most } => {
            let (size, most) = (octets.div_ceil(1024), most / 1024);
            catalog.format("ui.packetdrill.too-long", &[("size", &size), ("most", &most)])
        }
        Complaint::NotJson { line, column } => {
            catalog.format("ui.packetdrill.not-json", &[("line", line), ("column", column)])
        }
        Complaint::Field(field) => catalog.format("ui.packetdrill.bad-field", &[("field", field)]),
        Complaint::NotLoaded => catalog.text("ui.packetdrill.no-reader").to_owned(),
        Complaint::NoFile => catalog.text("ui.packetdrill.no-file").to_owned(),
        Complaint::Line { line, message } => {
            catalog.format("ui.packetdrill.bad-line", &[("line", line), ("message", message)])
        }
    }
}

fn text_in(field: &NodeRef) -> Rc<str> {
    field.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default().into()
}

fn stack_in(select: &NodeRef) -> Stack {
    let value = select.cast::<HtmlSelectElement>().map(|select| select.value());
    value.and_then(|id| Stack::from_id(&id)).unwrap_or_default()
}

/// Writes the draft into the field when it was changed elsewhere, and selects the line at fault.
#[hook]
fn use_text(field: &NodeRef, draft: &Draft) {
    let field = field.clone();
    use_effect_with(draft.clone(), move |draft| {
        let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
        if field.value() != *draft.text {
            field.set_value(&draft.text);
        }
        if let (true, Some(Complaint::Line { line, .. })) = (draft.is_open, &draft.complaint) {
            let (from, to) = range_of_line(&draft.text, *line);
            // An element of the document can be focused.
            let _ = field.focus();
            // The range is within the text; browsers limit it anyway.
            let _ = field.set_selection_range(from, to);
        }
    });
}

/// The range of a line in UTF-16 code units, as browsers count.
fn range_of_line(text: &str, line: u32) -> (u32, u32) {
    let mut from = 0;
    for (number, content) in (1..).zip(text.split('\n')) {
        let length = u32::try_from(content.encode_utf16().count()).unwrap_or(0);
        if number == line {
            return (from, from + length);
        }
        from += length + 1;
    }
    (from, from)
}

/// The properties of [`Listing`].
#[derive(Properties, PartialEq)]
pub struct ListingProps {
    /// The run shown.
    pub run: Shared<Run>,
    /// The current step; `None` before the first.
    pub step: Option<usize>,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// The verdict and the script's text, with the lines of the current step and the line at fault
/// highlighted.
#[component]
pub fn Listing(props: &ListingProps) -> Html {
    let ListingProps { run, step, page } = props;
    let (catalog, dispatch) = (&page.catalog, &page.dispatch);
    let list = use_node_ref();
    let lit = run.lit_lines(*step);
    {
        let list = list.clone();
        use_effect_with(lit.clone(), move |_| follow(&list, "[aria-current]"));
    }
    let Some(script) = &run.script else { return Html::default() };
    let text = |key: &str| catalog.text(key).to_owned();
    let edit = dispatch.reform(|_: MouseEvent| Action::Look(Look::ShowDraft(true)));
    let close = dispatch.reform(|_: MouseEvent| Action::Open(Open::Leave));
    let (passed, verdict) = verdict_words(script, catalog);
    let count = script.text.lines().count();
    let place = match lit.first() {
        Some(line) => catalog.format("ui.packetdrill.line", &[("line", line), ("lines", &count)]),
        None => catalog.format("ui.packetdrill.lines", &[("lines", &count)]),
    };
    let delay = locale::span(script.one_way_delay);
    html! {
        <section class="listing" aria-label={text("ui.packetdrill.name")}>
            <h2 class="panel__title">{ text("ui.packetdrill.name") }</h2>
            <p class={classes!("listing__verdict", (!passed).then_some("listing__verdict--failed"))}
                role="status">{ verdict }</p>
            <div class="listing__head">
                <span class="listing__place">{ place }</span>
                <button type="button" class="link-button" onclick={edit}>
                    { text("ui.packetdrill.edit") }
                </button>
                <button type="button" class="link-button" onclick={close}>
                    { text("ui.packetdrill.close") }
                </button>
            </div>
            <div class="listing__text" ref={list} tabindex="0" role="group" lang="en"
                translate="no" aria-label={text("ui.packetdrill.text")}>
                <Lines run={run.clone()} />
                { for lit.iter().map(|line| html! {
                    <div class="listing__lit" data-line={line.to_string()} aria-current="step"
                        style={format!("--line: {line}")}></div>
                }) }
            </div>
            <p class="listing__hint">
                { catalog.format("ui.packetdrill.way", &[("way", &delay)]) }{ " " }
                { text("ui.packetdrill.fixed") }{ " " }
                { text("ui.packetdrill.not-in-link") }
            </p>
            if !script.notes.is_empty() {
                <details class="listing__notes">
                    <summary>{ text("ui.packetdrill.notes") }</summary>
                    <ul lang="en">
                        { for script.notes.iter().take(MOST_NOTES).map(|note| html! {
                            <li>{ for note.line }{ " " }{ &note.text }</li>
                        }) }
                    </ul>
                </details>
            }
        </section>
    }
}

/// Whether the script passed, and the sentence that says so.
fn verdict_words(script: &Script, catalog: &Catalog) -> (bool, String) {
    let words = match &script.verdict {
        Verdict::Passed => return (true, catalog.text("ui.packetdrill.passed").to_owned()),
        Verdict::Failed(failure) => {
            let (line, want, got) = (&failure.line, &failure.want, &failure.got);
            let values: locale::Arguments<'_> = &[("line", line), ("want", want), ("got", got)];
            catalog.format("ui.packetdrill.failed", values)
        }
        Verdict::Unsupported { line, what } => {
            catalog.format("ui.packetdrill.bad-line", &[("line", line), ("message", what)])
        }
    };
    (false, words)
}

#[derive(Properties, PartialEq)]
struct LinesProps {
    run: Shared<Run>,
}

/// The text and its line numbers, as two text nodes however many lines there are.
#[component]
fn Lines(props: &LinesProps) -> Html {
    let Some(script) = &props.run.script else { return Html::default() };
    let mut numbers = String::new();
    for number in 1..=script.text.lines().count() {
        numbers.push_str(&number.to_string());
        numbers.push('\n');
    }
    html! {
        <>
            if let Some(line) = script.failed_line() {
                <div class="listing__failed" data-failed-line={line.to_string()}
                    style={format!("--line: {line}")}></div>
            }
            <pre class="listing__numbers" aria-hidden="true">{ numbers }</pre>
            <pre class="listing__code">{ script.text.to_string() }</pre>
        </>
    }
}
