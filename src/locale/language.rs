//! The languages, and the words that are compiled in.

/// A language in which the words exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code, which is also the name of its folder in `static/words/`.
    pub code: &'static str,
    /// Its own name for itself.
    pub name: &'static str,
}

/// The English words that are compiled in: those of the player, `start.json`, and those of the rest
/// of the page, `page.json`. A split program fetches the second file with its chunks.
pub(super) const ENGLISH: &[&str] = &[
    include_str!("../../static/words/en/start.json"),
    #[cfg(not(feature = "split"))]
    include_str!("../../static/words/en/page.json"),
    // The page fetches it with its chunk; the command line needs it too.
    #[cfg(not(target_arch = "wasm32"))]
    include_str!("../../static/words/en/capture.json"),
];

/// The other languages that are compiled in, by code. The page fetches them instead.
#[cfg(not(target_arch = "wasm32"))]
pub(super) const OTHERS: &[(&str, &[&str])] = &[(
    "ko",
    &[
        include_str!("../../static/words/ko/start.json"),
        include_str!("../../static/words/ko/page.json"),
        include_str!("../../static/words/ko/capture.json"),
    ],
)];
#[cfg(target_arch = "wasm32")]
pub(super) const OTHERS: &[(&str, &[&str])] = &[];

/// Every language, English first.
pub const LANGUAGES: &[Language] =
    &[Language { code: "en", name: "English" }, Language { code: "ko", name: "한국어" }];

/// The language of a tag such as `ko`, `KO` or `ko-KR`.
#[must_use]
pub fn language(tag: &str) -> Option<&'static Language> {
    let code = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.iter().find(|language| language.code.eq_ignore_ascii_case(code))
}
