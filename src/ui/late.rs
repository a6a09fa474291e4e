//! Components and functions whose code may load after the player, and the notice with a retry
//! button for a chunk that cannot be loaded. `ui::chunks` defines the content of each chunk.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;

use tcp_handshake_html::{ComponentVTable, erased, html, nothing};
use web_sys::{File, Window};
use yew::prelude::*;

use crate::app::{Action, AppState, Complaint, ReadResult};
use crate::packetdrill::Stack;
use crate::ui::browser::styles;
use crate::ui::page::{Extent, Page, Shared};
use crate::ui::store::Store;

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

/// Reports each new state to the host page.
pub type Report = Box<dyn Fn(&AppState)>;

/// Connects the page to its host page; see [`host_page`](crate::ui::browser::host_page).
pub type Connect = fn(Window, Shared<Store>, Callback<Action>) -> Report;

/// The functions that load chunks. `ui::chunks` provides them, so that this module does not depend
/// on the components, which use it themselves.
#[derive(Debug)]
pub struct Loaders {
    /// Returns a component that is part of the program already, as all are if it is not split.
    pub present: fn(Part) -> Option<ComponentVTable>,
    /// Loads the chunk of a component and returns the component.
    pub component: fn(Part) -> Task<Result<ComponentVTable, NotLoaded>>,
    /// Reads a script or an exported trace.
    pub read: fn(Rc<str>, Stack) -> Task<Result<Reading, NotLoaded>>,
    /// Loads what a page in a frame needs.
    pub host_page: fn() -> Task<Result<Connect, NotLoaded>>,
    /// Opens the Share dialog.
    pub share: fn(String, String) -> Task<Result<(), NotLoaded>>,
    /// Opens a dropped file, whatever it is.
    pub file: fn(File, Callback<Action>) -> Task<Result<(), NotLoaded>>,
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
pub async fn read(text: Rc<str>, stack: Stack) -> Result<Reading, NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.read)(text, stack).await
}

/// Loads the function that connects the page to its host page.
///
/// # Errors
///
/// The chunk could not be loaded.
pub async fn host_page() -> Result<Connect, NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.host_page)().await
}

/// Opens the dialog for the run at an address, in a language.
///
/// # Errors
///
/// The chunk, or the dialog's words or stylesheet, could not be loaded.
pub async fn open_share(address: String, lang: String) -> Result<(), NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.share)(address, lang).await
}

/// Opens a dropped file: a capture, a script or an exported trace.
///
/// # Errors
///
/// The chunk could not be loaded.
pub async fn take_file(file: File, dispatch: Callback<Action>) -> Result<(), NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.file)(file, dispatch).await
}

/// The segments of the run at an address as a Markdown table.
///
/// # Errors
///
/// The chunk, or the table's words, could not be loaded.
pub async fn markdown_table(address: String, lang: String) -> Result<String, NotLoaded> {
    (LOADERS.get().ok_or(NotLoaded)?.table)(address, lang).await
}

/// A component that loads late, by its chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A component of the chunk `page`.
    Page(PagePart),
    /// A component of the chunk `panels`.
    Panels(PanelsPart),
    /// The component of the chunk `graph`.
    Graph,
    /// A component of the chunk `handout`.
    Handout(HandoutPart),
    /// A component of the chunk `script`.
    Script(ScriptPart),
    /// A component of the chunk `capture`.
    Capture(CapturePart),
}

impl Part {
    /// Whether both are in the same chunk.
    fn shares_chunk(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// The components around the player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagePart {
    /// See [`HEADER`].
    Header,
    /// See [`EDITS`].
    Edits,
    /// See [`TUNE`].
    Tune,
    /// See [`TCBS`].
    Tcbs,
    /// See [`TABS`].
    Tabs,
    /// See [`HELP`].
    Help,
    /// See [`BEFORE`].
    Before,
    /// See [`PRESENTER`].
    Presenter,
}

/// The panels at the side, and the quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelsPart {
    /// See [`INSPECTOR`].
    Inspector,
    /// See [`STATES`].
    States,
    /// See [`WHY`].
    Why,
    /// See [`LEARN`].
    Learn,
    /// See [`LOG`].
    Log,
    /// See [`REASON`].
    Reason,
    /// See [`QUIZ`].
    Quiz,
}

/// The components for assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandoutPart {
    /// See [`TASK`].
    Task,
}

/// The components for captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapturePart {
    /// See [`CAPTURE_DIALOG`].
    Dialog,
    /// See [`CAPTURE_CARD`].
    Card,
}

/// The components for packetdrill scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptPart {
    /// See [`SCRIPT_PANEL`].
    Panel,
    /// See [`LISTING`].
    Listing,
}

/// How a component is mounted that loads late.
#[derive(Debug)]
pub struct Late {
    part: Part,
    /// The component's Yew key: another component in the same place is mounted from scratch.
    name: &'static str,
    /// Drawn until the component has been loaded.
    placeholder: fn(&Page) -> Html,
    /// Whether it reports a failed load. A component that is only drawn beside another one of its
    /// chunk leaves that to the other, so that the notice appears once.
    reports: bool,
    /// The component, once it has been loaded.
    component: OnceLock<ComponentVTable>,
}

/// The header.
pub static HEADER: Late =
    Late::new("header", Part::Page(PagePart::Header)).with_placeholder(empty_header);
/// The list of edits.
pub static EDITS: Late = Late::new("edits", Part::Page(PagePart::Edits)).silent();
/// The parameters of the run.
pub static TUNE: Late = Late::new("tune", Part::Page(PagePart::Tune)).silent();
/// The hosts' tables of variables.
pub static TCBS: Late = Late::new("tcbs", Part::Page(PagePart::Tcbs)).silent();
/// The tabs of the panels.
pub static TABS: Late = Late::new("tabs", Part::Page(PagePart::Tabs)).silent();
/// The help. An embedded player has no other component of its chunk.
pub static HELP: Late = Late::new("help", Part::Page(PagePart::Help));
/// The run before the last change, beside the current one.
pub static BEFORE: Late = Late::new("before", Part::Page(PagePart::Before));
/// The presenter mode.
pub static PRESENTER: Late = Late::new("presenter", Part::Page(PagePart::Presenter));
/// The fields of the selected segment.
pub static INSPECTOR: Late = Late::new("inspector", Part::Panels(PanelsPart::Inspector));
/// The state diagram.
pub static STATES: Late = Late::new("states", Part::Panels(PanelsPart::States));
/// The rules behind the current step.
pub static WHY: Late = Late::new("why", Part::Panels(PanelsPart::Why));
/// The lessons.
pub static LEARN: Late = Late::new("learn", Part::Panels(PanelsPart::Learn));
/// The log of events.
pub static LOG: Late = Late::new("log", Part::Panels(PanelsPart::Log));
/// The reason for the current event, below its sentence.
pub static REASON: Late = Late::new("reason", Part::Panels(PanelsPart::Reason));
/// The quiz.
pub static QUIZ: Late = Late::new("quiz", Part::Panels(PanelsPart::Quiz));
/// The time-sequence graph.
pub static GRAPH: Late = Late::new("graph", Part::Graph);
/// The card of an assignment.
pub static TASK: Late = Late::new("task", Part::Handout(HandoutPart::Task));
/// The dialog in which a script is written.
pub static SCRIPT_PANEL: Late = Late::new("script_panel", Part::Script(ScriptPart::Panel));
/// The script beside its run, which only the loaded chunk can have read.
pub static LISTING: Late = Late::new("listing", Part::Script(ScriptPart::Listing)).silent();

/// The dialog in which a capture is opened.
pub static CAPTURE_DIALOG: Late = Late::new("capture_dialog", Part::Capture(CapturePart::Dialog));
/// What a captured connection is, beside its run.
pub static CAPTURE_CARD: Late = Late::new("capture_card", Part::Capture(CapturePart::Card));

impl Late {
    const fn new(name: &'static str, part: Part) -> Self {
        let placeholder = |_: &Page| nothing();
        Self { part, name, placeholder, reports: true, component: OnceLock::new() }
    }

    const fn silent(mut self) -> Self {
        self.reports = false;
        self
    }

    const fn with_placeholder(mut self, placeholder: fn(&Page) -> Html) -> Self {
        self.placeholder = placeholder;
        self
    }

    /// Gives the component to a program that is not split and loads nothing.
    pub fn provide(&self, component: ComponentVTable) {
        // A second call provides the same one, and is ignored.
        let _ = self.component.set(component);
    }

    /// The component, if its code is loaded.
    fn component(&self) -> Option<ComponentVTable> {
        let present = || (LOADERS.get()?.present)(self.part);
        self.component.get().copied().or_else(present)
    }

    async fn load(&self) -> Result<(), NotLoaded> {
        let loaders = LOADERS.get().ok_or(NotLoaded)?;
        let component = (loaders.component)(self.part);
        // Nothing is drawn before its styles are there. `preload` in loading.js asks for both at
        // once.
        styles::load_chunk("page").await.map_err(|_| NotLoaded)?;
        if let Part::Capture(_) = self.part {
            styles::load_chunk("capture").await.map_err(|_| NotLoaded)?;
        }
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
    /// Each component whose chunk failed to load, and the callback that tries again.
    static FAILED: RefCell<Vec<(Part, Callback<()>)>> = const { RefCell::new(vec![]) };
}

/// Loads the chunk of a component again, for every component that waits for it.
fn try_again(part: Part) {
    let failed = FAILED.take();
    let (again, others): (Vec<_>, Vec<_>) =
        failed.into_iter().partition(|(it, _)| it.shares_chunk(part));
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
                FAILED.with_borrow_mut(|all| all.push((late.part, again)));
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
        try_again(late.part);
    });
    html! {
        <div class="late" role="alert">
            <p>{ text("ui.late.failed") }</p>
            <button type="button" class="button" {onclick}>{ text("ui.late.again") }</button>
        </div>
    }
}
