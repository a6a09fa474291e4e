//! A reader's own runs: how they are kept, exported and imported.

use tcp_handshake::app::runs::{MAX_RUNS_TEXT, MOST_RUNS, OwnRuns};
use tcp_handshake::link::Link;

fn named(text: &str) -> Link {
    Link::parse("", text).0
}

#[test]
fn what_is_exported_is_imported() {
    let mut runs = OwnRuns::default();
    assert!(runs.add(named("scenario=half-close&do=drop:C1&name=Zwei%0AZeilen&t=5&autoplay=1")));
    assert!(runs.add(named("rtt=1s&name=%EB%82%B4%20%EC%8B%A4%ED%97%98")));
    assert!(!runs.add(named("rtt=1s")), "a run without a name");
    assert_eq!(OwnRuns::read(&runs.text()), (runs.clone(), 0));
    assert_eq!(runs.text().lines().count(), 2, "one a line, whatever the name");
    assert_eq!(runs.all()[0].view.t, None);
    // A second one of the same name replaces the first.
    assert!(runs.add(named("rtt=2s&name=%EB%82%B4%20%EC%8B%A4%ED%97%98")));
    assert_eq!(runs.all().len(), 2);
    runs.remove(0);
    runs.remove(9);
    assert_eq!(runs.all().len(), 1);
}

#[test]
fn lines_that_hold_no_run_are_counted() {
    let text = "// mine\n\nhttps://host/#scenario=abort&name=A\nhello\nscenario=abort\n\
                do=x:y&name=B\n\0\x07\nname=C&future=1\n";
    let (runs, bad) = OwnRuns::read(text);
    let names: Vec<_> = runs.all().iter().filter_map(|run| run.view.name.as_deref()).collect();
    assert_eq!((names, bad), (vec!["A", "C"], 4));
    assert_eq!(OwnRuns::read(&"x".repeat(MAX_RUNS_TEXT + 1)), (OwnRuns::default(), 1));
}

#[test]
fn only_so_many_runs_are_kept() {
    let many: String = (0..MOST_RUNS + 3)
        .flat_map(|index| ["name=run".to_owned(), index.to_string(), "\n".to_owned()])
        .collect();
    let (mut runs, bad) = OwnRuns::read(&many);
    assert_eq!((runs.all().len(), bad), (MOST_RUNS, 3));
    let (more, _) = OwnRuns::read("name=run1&rtt=1s\nname=new\n");
    assert_eq!(runs.merge(more), 1, "one replaces, the other has no room");
}
