//! The page.
use yew::prelude::*;

/// The page's root component.
#[function_component(App)]
pub fn app() -> Html {
    html! { <main>{ "TCP" }</main> }
}

/// Mounts the page.
pub fn start() {
    console_error_panic_hook::set_once();
    yew::Renderer::<App>::new().render();
}
