//! Runs and files requested by a JavaScript program.

use tcp_handshake::app::host::arguments::{self, Pair};
use tcp_handshake::export::Width;
use tcp_handshake::link::Theme;

fn pairs(all: &[(&str, &str)]) -> Vec<Pair> {
    all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_run_is_read_from_an_id_a_link_or_fields() {
    let script = "scenario=syn-lost&do=drop:C2,delay:S1:300ms&rtt=80ms";
    for read in [
        arguments::link_of_text(script),
        arguments::link(&pairs(&[
            ("scenario", "syn-lost"),
            ("do", "drop:C2,delay:S1:300ms"),
            ("rtt", "80"),
        ])),
    ] {
        assert_eq!(read.map(|link| link.to_string()).as_deref(), Ok(script));
    }
    let refused = arguments::link_of_text("refused").map(|link| link.to_string());
    assert_eq!(refused.as_deref(), Ok("scenario=refused"));
    assert!(arguments::link(&[]).is_ok_and(|link| link.scenario == "normal"));
}

#[test]
fn an_error_names_the_wrong_field() {
    for (field, value) in [
        ("scenario", "<img src=x>"),
        ("do", "explode:C1"),
        ("rtt", "NaN"),
        ("seed", "-1"),
        ("theme", "blue"),
        ("colour&lang=ko", "blue"),
    ] {
        let error = arguments::link(&pairs(&[(field, value)])).expect_err(field);
        assert!(error.starts_with(&format!("{field}: ")), "{error}");
        assert!(field.contains('&') || error.contains(value), "{error}");
    }
    for (field, value) in [
        ("lang", "tlh"),
        ("full", "1"),
        ("at", "moon"),
        ("size", "2"),
        ("width", "500"),
        ("theme", "pink"),
        ("captions", "no"),
    ] {
        let error = arguments::options(&pairs(&[(field, value)])).expect_err(field);
        assert!(error.starts_with(&format!("{field}: ")), "{error}");
    }
    assert!(arguments::format("gif").is_err_and(|error| error.starts_with("format: ")));
}

#[test]
fn the_options_of_a_file_are_read() {
    let chosen = [("lang", "ko-KR"), ("full", "true"), ("at", "server"), ("page", "https://a/")];
    let (options, lang) = arguments::options(&pairs(&chosen)).expect("options");
    assert_eq!(lang.map(|lang| lang.code), Some("ko"));
    assert!(options.full);
    let look = [("width", "360"), ("theme", "dark"), ("captions", "false"), ("sentences", "true")];
    let (look, _) = arguments::options(&pairs(&look)).expect("options");
    assert_eq!((look.width, look.theme), (Width::Phone, Theme::Dark));
    assert!(look.no_captions && look.sentences);
    assert_eq!((options.at.id(), options.page.as_deref()), ("server", Some("https://a/")));
}
