//! Components and functions whose code may load after the player, and the notice with a retry
//! button for a chunk that cannot be loaded. `ui::chunks` defines the content of each chunk.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;

use tcp_handshake_html::{ComponentVTable, erased, html, nothing};
use yew::prelude::*;

use crate::app::{Complaint, ReadResult};
use crate::packetdrill::Stack;
use crate::ui::browser::styles;
use crate::ui::page::{Extent, Page};

/// A chunk, or the stylesheet of the chunks, could not be loaded: the network failed, or the file
/// is missing or damaged.
#[derive(Clone, Debug)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// A boxed future that stays on the page's only thread.
pub type Task<T> = Pin<Box<dyn Future<Output = T>>>;

/// The result of reading a script or an exported trace.
pub type Reading = Result<ReadResult, Complaint>;

/// The functions that load chunks. `ui::chunks` provides them, so that this module does not depend
/// on the components, which use it themselves.
#[derive(Debug)]
pub struct Loaders {
    /// Returns a component that is part of the program already, as all are if it is not split.
    pub present: fn(Chunk, u8) -> Option<ComponentVTable>,
    /// Loads a chunk and returns one of its components.
    pub component: fn(Chunk, u8) -> Task<Result<ComponentVTable, NotLoaded>>,
    /// Reads a script or an exported trace.
    pub read: fn(Rc<str>, Stack) -> Task<Result<Reading, NotLoaded>>,
    /// Opens the Share dialog.
    pub share: fn(String, String) -> Task<Result<(), NotLoaded>>,
    /// The segments of a run as a Markdown table.
    pub table: fn(String, String) -> Task<Result<String, NotLoaded>>,
}

static LOADERS: OnceLock<Loaders> = OnceLock::new();

/// Sets the functions that load chunks. Called before the page is mounted.
pub fn start(loaders: Loaders) {
    // A second call provides the same functions, and is ignored.
    let _ = LOADERS.set(loaders);
}

/// Reads a script or an exported trace; see [`read_opened_text`](crate::app::read_opened_text).
///
/// # Errors
///
/// The chunk could not be loaded.
pub async fn read(text: Rc<str>, stack: Stack) -> Result<Result<ReadResult, Complaint>, NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.read)(text, stack).await
}

/// Opens the dialog for the run at an address, in a language.
///
/// # Errors
///
/// The chunk, or the dialog's words or stylesheet, could not be loaded.
pub async fn open_share(address: String, lang: String) -> Result<(), NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.share)(address, lang).await
}

/// The segments of the run at an address as a Markdown table.
///
/// # Errors
///
/// The chunk, or the table's words, could not be loaded.
pub async fn markdown_table(address: String, lang: String) -> Result<String, NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.table)(address, lang).await
}

/// A chunk with components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunk {
    /// The components around the player.
    Page,
    /// The panels at the side, and the quiz.
    Panels,
    /// The components for packetdrill scripts.
    Script,
}

/// A component of a chunk.
#[derive(Debug)]
pub struct Late {
    /// The component's Yew key: another component in the same place is mounted from scratch.
    name: &'static str,
    chunk: Chunk,
    index: u8,
    /// Drawn until the component has been loaded.
    placeholder: fn(&Page) -> Html,
    /// Whether it reports a failed load. One component of each chunk reports for all, so that the
    /// notice appears once.
    reports: bool,
    /// The component, once it has been loaded.
    component: OnceLock<ComponentVTable>,
}

/// The header.
pub static HEADER: Late = Late::new("header", Chunk::Page, 0).with_placeholder(empty_header);
/// The list of edits.
pub static EDITS: Late = Late::new("edits", Chunk::Page, 1).silent();
/// The parameters of the run.
pub static TUNE: Late = Late::new("tune", Chunk::Page, 2).silent();
/// The hosts' tables of variables.
pub static TCBS: Late = Late::new("tcbs", Chunk::Page, 3).silent();
/// The tabs of the panels.
pub static TABS: Late = Late::new("tabs", Chunk::Page, 4).silent();
/// The help.
pub static HELP: Late = Late::new("help", Chunk::Page, 5).silent();
/// The fields of the selected segment.
pub static INSPECTOR: Late = Late::new("inspector", Chunk::Panels, 0);
/// The state diagram.
pub static STATES: Late = Late::new("states", Chunk::Panels, 1);
/// The rules behind the current step.
pub static WHY: Late = Late::new("why", Chunk::Panels, 2);
/// The lessons.
pub static LEARN: Late = Late::new("learn", Chunk::Panels, 3);
/// The log of events.
pub static LOG: Late = Late::new("log", Chunk::Panels, 4);
/// The reason for the current event, below its sentence.
pub static REASON: Late = Late::new("reason", Chunk::Panels, 6);
/// The quiz.
pub static QUIZ: Late = Late::new("quiz", Chunk::Panels, 5);
/// The dialog in which a script is written.
pub static SCRIPT_PANEL: Late = Late::new("script_panel", Chunk::Script, 0);
/// The script beside its run.
pub static LISTING: Late = Late::new("listing", Chunk::Script, 1).silent();

impl Late {
    const fn new(name: &'static str, chunk: Chunk, index: u8) -> Self {
        let placeholder = |_: &Page| nothing();
        Self { name, chunk, index, placeholder, reports: true, component: OnceLock::new() }
    }

    const fn silent(mut self) -> Self {
        self.reports = false;
        self
    }

    const fn with_placeholder(mut self, placeholder: fn(&Page) -> Html) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// The component, if its code is loaded.
    fn component(&self) -> Option<ComponentVTable> {
        let present = || (LOADERS.get()?.present)(self.chunk, self.index);
        self.component.get().copied().or_else(present)
    }

    async fn load(&self) -> Result<(), NotLoaded> {
        let loaders = LOADERS.get().ok_or(NotLoaded)?;
        let component = (loaders.component)(self.chunk, self.index);
        // Nothing is drawn before its styles are there. `preload` in loading.js asks for both at
        // once.
        styles::load_late().await.map_err(|_| NotLoaded)?;
        let component = component.await?;
        // Another place in the page may have loaded the same component meanwhile.
        let _ = self.component.set(component);
        Ok(())
    }
}

/// A placeholder as high as the header, so that nothing moves when the header loads.
fn empty_header(page: &Page) -> Html {
    html! {
        <header class="header" aria-busy="true">
            <h1 class="header__title">{ page.catalog.text("ui.header.title").to_owned() }</h1>
        </header>
    }
}

/// Mounts a component as soon as its chunk, its styles and its texts have loaded. `properties` must
/// have the type of the component's properties; with any other type, nothing is drawn.
pub fn mount<P: Properties + 'static>(late: &'static Late, properties: P, page: &Page) -> Html {
    let properties = Erased(Rc::new(properties));
    html! { <LatePart {late} {properties} {page} /> }
}

/// Properties whose type only the component in the chunk knows.
#[derive(Clone)]
struct Erased(Rc<dyn Any>);

#[derive(Properties)]
struct LatePartProps {
    late: &'static Late,
    properties: Erased,
    page: Page,
}

/// Compares properties by identity, since their type is unknown here. The component compares their
/// values itself.
impl PartialEq for LatePartProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.late, other.late)
            && Rc::ptr_eq(&self.properties.0, &other.properties.0)
            && self.page == other.page
    }
}

thread_local! {
    /// For each component whose chunk failed to load: the chunk, and the callback that tries again.
    static FAILED: RefCell<Vec<(Chunk, Callback<()>)>> = const { RefCell::new(vec![]) };
}

/// Loads a chunk again, for every component that waits for it.
fn try_again(chunk: Chunk) {
    let failed = FAILED.take();
    let (again, others): (Vec<_>, Vec<_>) = failed.into_iter().partition(|(it, _)| *it == chunk);
    FAILED.set(others);
    for (_, callback) in again {
        callback.emit(());
    }
}

#[component]
fn LatePart(props: &LatePartProps) -> Html {
    let LatePartProps { late, properties, page } = props;
    let late = *late;
    let attempt = use_state(|| 0_u32);
    let failed = use_state_eq(|| false);
    let update = use_force_update();
    {
        let (attempt, failed) = (attempt.clone(), failed.clone());
        let (extent, want_all) = (page.extent, page.want_all.clone());
        use_effect_with((std::ptr::from_ref(late), *attempt), move |_| {
            if extent == Extent::Player {
                want_all.emit(());
            }
            if late.component().is_some() {
                return;
            }
            failed.set(false);
            yew::platform::spawn_local(async move {
                if late.load().await.is_ok() {
                    update.force_update();
                    return;
                }
                failed.set(true);
                let again = Callback::from(move |()| attempt.set(*attempt + 1));
                FAILED.with_borrow_mut(|all| all.push((late.chunk, again)));
            });
        });
    }
    let has_texts = page.extent == Extent::Whole;
    if let Some(component) = late.component().filter(|_| has_texts) {
        return erased(component, Rc::clone(&properties.0), late.name);
    }
    let texts_failed = page.extent == Extent::Failed;
    if !(*failed || texts_failed) || !late.reports {
        return (late.placeholder)(page);
    }
    let text = |key: &str| page.catalog.text(key).to_owned();
    let load_again = page.load_again.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if texts_failed {
            load_again.emit(());
        }
        try_again(late.chunk);
    });
    html! {
        <div class="late" role="alert">
            <p>{ text("ui.late.failed") }</p>
            <button type="button" class="button" {onclick}>{ text("ui.late.again") }</button>
        </div>
    }
}
