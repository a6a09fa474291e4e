//! A page with one button, built with Yew.

#[cfg(target_arch = "wasm32")]
mod page {
    use yew::prelude::*;

    #[component]
    pub fn Hello() -> Html {
        let count = use_state(|| 0);
        let onclick = {
            let count = count.clone();
            move |_| count.set(*count + 1)
        };
        html! { <button {onclick}>{ *count }</button> }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    yew::Renderer::<page::Hello>::new().render();
}
