use super::explain;
use crate::link::Link;
use crate::locale::{Catalog, LANGUAGES};
use crate::scenarios::LESSONS;
use crate::sim::Timeline;

/// Explains every step of a run in every language; what is said is printed with `--nocapture`.
fn check(query: &str, is_printed: bool) {
    let timeline = Timeline::of(Link::parse(query, "").0.scenario_to_run());
    let trace = timeline.trace();
    for language in LANGUAGES {
        let catalog = Catalog::built_in(language.code).unwrap();
        for (index, step) in trace.steps.iter().enumerate() {
            let explanation = explain(trace, index, &catalog).unwrap();
            let texts = [&explanation.sentence, &explanation.why];
            if is_printed {
                println!("{query} {} {}  {}", language.code, step.at, explanation.sentence);
                for detail in &explanation.details {
                    println!("      - {detail}");
                }
            }
            for text in texts.into_iter().chain(&explanation.details) {
                let is_whole = !text.is_empty() && !text.contains(['{', '}']);
                assert!(is_whole, "{query} {}: {text}", step.at);
                assert!(!text.contains("explain.") && !text.contains("rule."), "{text}");
            }
        }
    }
}

#[test]
fn every_step_of_every_scenario_is_explained() {
    for lesson in LESSONS {
        check(&format!("scenario={}", lesson.id), true);
        check(&format!("scenario={}&stack=linux&rtt=1500", lesson.id), false);
    }
}
