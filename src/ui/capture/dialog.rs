//! The dialog in which a capture is opened and one of its connections is chosen.

use std::cell::Cell;
use std::rc::Rc;

use tcp_handshake_html::html;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::file::{self, Progress, Source, Stopped};
use super::list::Connections;
use super::open::take_dropped;
use crate::app::captured::list::Listing;
use crate::app::{Action, CaptureList, Look, Open};
use crate::capture::Remark;
use crate::locale::{self, Catalog};
use crate::ui::browser::focus::use_modal;
use crate::ui::browser::language::{Words, use_words};
use crate::ui::page::{Page, Shared};

/// The properties of [`CaptureDialog`].
#[derive(Properties, PartialEq)]
pub struct CaptureDialogProps {
    /// Whether it is open.
    pub list: CaptureList,
    /// The catalog, its language, and the dispatcher.
    pub page: Page,
}

/// What the dialog shows.
#[derive(Clone, PartialEq)]
enum Phase {
    /// Nothing was opened yet.
    Empty,
    /// A file or a connection is being read.
    Reading(Progress),
    /// A file was read.
    Listed,
    /// The browser cannot read the file.
    Unreadable,
}

/// The state of the dialog, which its callbacks share.
#[derive(Clone)]
struct Reader {
    phase: UseStateHandle<Phase>,
    listing: UseStateHandle<Option<Shared<Listing>>>,
    source: Rc<std::cell::RefCell<Option<Source>>>,
    /// Whether what is being read is still wanted.
    wanted: Rc<std::cell::RefCell<Rc<Cell<bool>>>>,
    dispatch: Callback<Action>,
}

impl Reader {
    /// Gives up what is being read, and returns the flag of what is read next.
    fn begin(&self) -> Rc<Cell<bool>> {
        let flag = Rc::new(Cell::new(true));
        self.wanted.replace(Rc::clone(&flag)).set(false);
        self.phase.set(Phase::Reading(Progress::default()));
        flag
    }

    fn end(&self, stopped: Stopped) {
        match stopped {
            Stopped::Unreadable => self.phase.set(Phase::Unreadable),
            Stopped::Cancelled => {}
        }
    }

    /// Stops reading, and shows what was there before.
    fn cancel(&self) {
        self.wanted.borrow().set(false);
        self.phase.set(if self.listing.is_some() { Phase::Listed } else { Phase::Empty });
    }

    /// Lists the connections of a file.
    fn list(&self, source: Source) {
        let (reader, wanted) = (self.clone(), self.begin());
        self.listing.set(None);
        self.source.replace(None);
        yew::platform::spawn_local(async move {
            let tell = |progress| reader.phase.set(Phase::Reading(progress));
            match file::list(&source, &wanted, tell).await {
                Ok(listing) => {
                    reader.source.replace(Some(source));
                    reader.listing.set(Some(Shared::new(listing)));
                    reader.phase.set(Phase::Listed);
                }
                Err(stopped) => reader.end(stopped),
            }
        });
    }

    /// Shows a connection of the list.
    fn open(&self, number: usize, listing: &Listing) {
        let Some(source) = self.source.borrow().clone() else { return };
        let Some(row) = listing.rows.get(number) else { return };
        let (reader, wanted) = (self.clone(), self.begin());
        let connection = row.connection.clone();
        yew::platform::spawn_local(async move {
            let tell = |progress| reader.phase.set(Phase::Reading(progress));
            match file::open(&source, number, connection, 0, &wanted, tell).await {
                Ok(shown) => {
                    reader.phase.set(Phase::Listed);
                    reader.dispatch.emit(Action::Open(Open::Capture(shown)));
                }
                Err(stopped) => reader.end(stopped),
            }
        });
    }
}

/// The dialog.
#[component]
pub fn CaptureDialog(props: &CaptureDialogProps) -> Html {
    let CaptureDialogProps { list, page } = props;
    let words = use_words("capture", &page.lang, true);
    let dialog = use_node_ref();
    use_modal(&dialog, list.is_open);
    let reader = Reader {
        phase: use_state_eq(|| Phase::Empty),
        listing: use_state(|| None),
        source: use_mut_ref(|| None),
        wanted: use_mut_ref(|| Rc::new(Cell::new(false))),
        dispatch: page.dispatch.clone(),
    };
    use_effect_with(list.times, {
        let reader = reader.clone();
        move |_| {
            if let Some(source) = take_dropped() {
                reader.list(source);
            }
        }
    });
    let close = page.dispatch.reform(|_: MouseEvent| Action::Look(Look::ShowCapture(false)));
    let onclose = {
        let reader = reader.clone();
        Callback::from(move |_: Event| {
            if matches!(*reader.phase, Phase::Reading(_)) {
                reader.cancel();
            }
            reader.dispatch.emit(Action::Look(Look::ShowCapture(false)));
        })
    };
    // The page's shortcuts do not apply in the dialog.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let content = match words {
        Words::Ready(words) => html! { <Content reader={ReaderProp(reader)} {words} {page} /> },
        Words::Loading => html! { <p aria-busy="true"></p> },
        Words::Failed => {
            html! { <p role="alert">{ page.catalog.text("ui.late.failed").to_owned() }</p> }
        }
    };
    html! {
        <dialog ref={dialog} class="sheet capture" aria-labelledby="capture-title" {onclose}
            {onkeydown}>
            <div class="sheet__head">
                <h2 id="capture-title">{ page.catalog.text("ui.capture.title").to_owned() }</h2>
                <button type="button" class="button" onclick={close}>
                    { page.catalog.text("ui.capture.close").to_owned() }
                </button>
            </div>
            { content }
        </dialog>
    }
}

/// The state of the dialog as a property. Each of its changes draws the content again.
#[derive(Clone)]
struct ReaderProp(Reader);

impl PartialEq for ReaderProp {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

#[derive(Properties, PartialEq)]
struct ContentProps {
    reader: ReaderProp,
    words: Shared<Catalog>,
    page: Page,
}

#[component]
fn Content(props: &ContentProps) -> Html {
    let ContentProps { reader: ReaderProp(reader), words, .. } = props;
    let text = |key: &str| words.text(key).to_owned();
    let cancel = {
        let reader = reader.clone();
        Callback::from(move |_: MouseEvent| reader.cancel())
    };
    let result = match &*reader.phase {
        Phase::Empty => html! { <p class="capture__empty">{ text("capture.empty") }</p> },
        Phase::Unreadable => {
            html! { <p class="capture__error" role="alert">{ text("capture.unreadable") }</p> }
        }
        Phase::Reading(progress) => html! {
            <div class="capture__progress">
                <progress max="100" value={progress.percent.to_string()}
                    aria-label={text("capture.reading")} />
                <span>{ progress_words(*progress, words) }</span>
                <button type="button" class="button" onclick={cancel}>
                    { text("capture.cancel") }
                </button>
            </div>
        },
        Phase::Listed => match &*reader.listing {
            Some(listing) => listed(reader, listing, words),
            None => Html::default(),
        },
    };
    let status = match (&*reader.phase, &*reader.listing) {
        (Phase::Reading(_), _) => text("capture.reading"),
        (Phase::Listed, Some(listing)) => found_words(listing, words),
        _ => String::new(),
    };
    html! { <>
        <p class="capture__intro">{ text("capture.intro") }</p>
        { sources(reader, words) }
        <p class="visually-hidden" role="status">{ status }</p>
        { result }
    </> }
}

/// The choice of a file, and the field for a text.
fn sources(reader: &Reader, words: &Catalog) -> Html {
    let text = |key: &str| words.text(key).to_owned();
    let onfile = {
        let reader = reader.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                reader.list(Source::of_file(file));
            }
            // Without this the browser would not report the same file again.
            input.set_value("");
        })
    };
    let onsubmit = {
        let reader = reader.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: web_sys::Element = event.target_unchecked_into();
            let field = form.query_selector("textarea").ok().flatten();
            let field = field.and_then(|it| wasm_bindgen::JsCast::dyn_into(it).ok());
            let source = field.and_then(|it: HtmlTextAreaElement| Source::of_text(&it.value()));
            if let Some(source) = source {
                reader.list(source);
            }
        })
    };
    html! {
        <div class="capture__sources">
            <label>{ text("capture.file") }{ " " }<input type="file" onchange={onfile} /></label>
            <details>
                <summary>{ text("capture.paste") }</summary>
                <form class="capture__paste" {onsubmit}>
                    <textarea class="capture__text" rows="6" wrap="off" spellcheck="false"
                        autocapitalize="off" autocomplete="off"
                        aria-label={text("capture.paste")}></textarea>
                    <button type="submit" class="button">{ text("capture.read") }</button>
                </form>
            </details>
        </div>
    }
}

fn progress_words(progress: Progress, words: &Catalog) -> String {
    let Progress { percent, packets, connections } = progress;
    let packets = locale::number(packets);
    words.format(
        "capture.progress",
        &[("percent", &percent), ("packets", &packets), ("connections", &connections)],
    )
}

fn found_words(listing: &Listing, words: &Catalog) -> String {
    let packets = locale::number(listing.packets);
    words.format("capture.found", &[("count", &listing.rows.len()), ("packets", &packets)])
}

/// The list, with what is to be known about the capture as a whole.
fn listed(reader: &Reader, listing: &Shared<Listing>, words: &Shared<Catalog>) -> Html {
    let open = {
        let (reader, listing) = (reader.clone(), listing.clone());
        Callback::from(move |number: usize| reader.open(number, &listing))
    };
    let error = listing.error.map(|error| {
        let why = words.text(&format!("capture.error.{}", error.kind.id())).to_owned();
        let offset = locale::number(error.offset);
        let said = words.format("capture.error-at", &[("offset", &offset), ("why", &why)]);
        html! { <p class="capture__error" role="alert">{ said }</p> }
    });
    let name = if listing.file.is_empty() {
        words.text("capture.pasted").to_owned()
    } else {
        listing.file.to_string()
    };
    html! { <>
        { for error }
        <p class="capture__found"><b>{ name }</b>{ " · " }{ found_words(listing, words) }</p>
        if !listing.remarks.is_empty() {
            <ul class="capture__remarks">
                { for listing.remarks.iter().map(|(remark, count)| html! {
                    <li>{ remark_words(remark, *count, words) }</li>
                }) }
            </ul>
        }
        if !listing.rows.is_empty() {
            <Connections listing={listing.clone()} {open} {words} />
        }
    </> }
}

fn remark_words(remark: &Remark, count: u64, words: &Catalog) -> String {
    let key = format!("capture.remark.{}", remark.id());
    words.format(&key, &[("count", &count), ("what", &remark.detail())])
}
